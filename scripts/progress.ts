import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import ora, { type Ora } from 'ora';
import type { Say } from '../mesh/say.ts';
import { inSeconds } from '../mesh/seconds.ts';

export interface PhaseTime {
  readonly name: string;
  readonly seconds: number;
  /** It ran beside the others, and is no part of their sum. */
  readonly beside?: true;
}

/** Without a terminal a status is only worth a line of its own if nothing was heard for so long. */
const PLAIN_EVERY = 15_000;

/** One line of live progress for the phase that is at work, and the times of all of them. */
export class Progress {
  readonly #times: PhaseTime[] = [];
  #logFile: string | undefined;

  /** From now on everything that is said also goes into this file. */
  logTo(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    this.#logFile = path;
  }

  get times(): readonly PhaseTime[] {
    return this.#times;
  }

  /** Runs one phase, shows what it waits for, and records how long it took, also where it fails. */
  phase<T>(name: string, work: (say: Say) => Promise<T>): Promise<T> {
    const line = process.stdout.isTTY ? new LiveLine(name) : new PlainLines(name);
    return this.#timed({ name }, () => this.#shown(name, line, work));
  }

  /** A phase that writes to the terminal itself: only its time is kept. */
  aside<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.#timed({ name }, work);
  }

  /** A phase that runs while others have the screen: what it has to remember gets lines of its own. */
  beside<T>(name: string, work: (say: Say) => Promise<T>): Promise<T> {
    return this.#timed({ name, beside: true }, () => this.#shown(name, new PlainLines(name, Infinity), work));
  }

  /** The table of phase times, as lines. */
  table(): string {
    const total = this.#times.reduce((sum, { seconds, beside }) => sum + (beside === true ? 0 : seconds), 0);
    const rows: readonly PhaseTime[] = [...this.#times, { name: 'total', seconds: total }];
    const width = Math.max(...rows.map(({ name }) => name.length));
    return rows
      .map(({ name, seconds, beside }) => {
        const note = beside === true ? '  beside the others' : '';
        return `  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(7)} s${note}`;
      })
      .join('\n');
  }

  async #timed<T>(phase: Omit<PhaseTime, 'seconds'>, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#times.push({ ...phase, seconds: (performance.now() - start) / 1000 });
    }
  }

  async #shown<T>(name: string, line: Line, work: (say: Say) => Promise<T>): Promise<T> {
    let well = false;
    try {
      const result = await work(this.#sayTo(name, line));
      well = true;
      return result;
    } finally {
      line.end(well);
    }
  }

  #sayTo(phase: string, line: Line): Say {
    const status = (what: string) => {
      line.status(what);
    };
    const note = (what: string) => {
      line.note(what);
      if (this.#logFile !== undefined) appendFileSync(this.#logFile, `${new Date().toISOString()} ${phase}: ${what}\n`);
    };
    return Object.assign(status, { note });
  }
}

interface Line {
  status(what: string): void;
  note(what: string): void;
  end(well: boolean): void;
}

class LiveLine implements Line {
  readonly #name: string;
  readonly #spinner: Ora;
  readonly #start = performance.now();
  readonly #tick: NodeJS.Timeout;
  #what = '';

  constructor(name: string) {
    this.#name = name;
    this.#spinner = ora({ text: name, discardStdin: false }).start();
    this.#tick = setInterval(() => {
      this.#show();
    }, 500);
  }

  status(what: string): void {
    this.#what = what;
    this.#show();
  }

  note(what: string): void {
    this.#spinner.stopAndPersist({ symbol: ' ', text: `  ${what}` });
    this.#spinner.start(this.#text());
  }

  end(well: boolean): void {
    clearInterval(this.#tick);
    const text = `${this.#name}  ${elapsed(this.#start)}`;
    if (well) this.#spinner.succeed(text);
    else this.#spinner.fail(text);
  }

  #show(): void {
    this.#spinner.text = this.#text();
  }

  #text(): string {
    return `${this.#name}  ${elapsed(this.#start)}  ${this.#what}`.slice(0, (process.stdout.columns || 120) - 4);
  }
}

class PlainLines implements Line {
  readonly #name: string;
  readonly #every: number;
  readonly #start = performance.now();
  #lastPrinted = performance.now();

  constructor(name: string, every = PLAIN_EVERY) {
    this.#name = name;
    this.#every = every;
    this.#print('...');
  }

  status(what: string): void {
    if (performance.now() - this.#lastPrinted > this.#every) this.#print(what);
  }

  note(what: string): void {
    this.#print(what);
  }

  end(well: boolean): void {
    this.#print(well ? 'done' : 'FAILED');
  }

  #print(what: string): void {
    this.#lastPrinted = performance.now();
    console.log(`[${this.#name} ${elapsed(this.#start)}] ${what}`);
  }
}

function elapsed(start: number): string {
  return inSeconds(performance.now() - start);
}
