import { randomUUID } from 'node:crypto';
import { Misuse } from './misuse.ts';
import type { RunProgress, SendAnswer } from './protocol.ts';
import type { Run } from './run.ts';

const MOST_RUNS = 8;
const REMEMBERED_MILLIS = 5 * 60_000;

/** The background runs: at most eight are known, and a finished one is forgotten after five minutes. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #rememberedMillis: number;

  constructor(rememberedMillis = REMEMBERED_MILLIS) {
    this.#rememberedMillis = rememberedMillis;
  }

  /** Refuses before `start` is called, so that a refused run sends nothing. */
  add(start: () => Run): string {
    this.#makeRoom();
    const id = randomUUID();
    const run = start();
    this.#runs.set(id, run);
    void run.finished.then(() => {
      this.#forgetLater(id);
    });
    return id;
  }

  progress(id: string): RunProgress {
    return { id, ...this.#known(id).progress() };
  }

  async stop(id: string): Promise<SendAnswer> {
    const run = this.#known(id);
    run.stop();
    return run.finished;
  }

  stopAll(): void {
    for (const run of this.#runs.values()) run.stop();
  }

  /** The oldest finished run gives way to a new one; a running one never does. */
  #makeRoom(): void {
    if (this.#runs.size < MOST_RUNS) return;
    for (const [id, run] of this.#runs) {
      if (run.progress().state === 'finished') {
        this.#runs.delete(id);
        return;
      }
    }
    throw new Misuse(`${MOST_RUNS} runs are going on already.`, 'Stop one of them with POST /runs/:id/stop.', 429);
  }

  #forgetLater(id: string): void {
    setTimeout(() => this.#runs.delete(id), this.#rememberedMillis).unref();
  }

  #known(id: string): Run {
    const run = this.#runs.get(id);
    if (run !== undefined) return run;
    throw new Misuse(
      `There is no run ${id}.`,
      'It may have been forgotten: a finished run is kept for five minutes.',
      404,
    );
  }
}
