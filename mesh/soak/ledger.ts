import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { parseEntry, type RunEntry, type Subject } from './run-entry.ts';

/** What is remembered of many runs of one thing: a file with a line of JSON for each, to which later sittings add theirs. */
export class RunLedger {
  readonly path: string;
  readonly #entries: RunEntry[];

  private constructor(path: string, entries: RunEntry[]) {
    this.path = path;
    this.#entries = entries;
  }

  /** @throws HarnessError LEDGER_UNUSABLE, or ANOTHER_SUBJECT where its runs were of something else */
  static open(path: string, subject: Subject): RunLedger {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    // A process that was killed while it wrote leaves a line without an end: that run is not counted.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const entries = whole.split('\n').flatMap((line, index) => (line === '' ? [] : [entryOf(line, path, index + 1)]));
    for (const entry of entries) demandSame(entry, subject, path);
    if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
    return new RunLedger(path, entries);
  }

  get entries(): readonly RunEntry[] {
    return this.#entries;
  }

  add(entry: RunEntry): void {
    mkdirSync(dirname(this.path), { recursive: true });
    appendFileSync(this.path, `${JSON.stringify(entry)}\n`);
    this.#entries.push(entry);
  }
}

function entryOf(line: string, path: string, number: number): RunEntry {
  try {
    return parseEntry(line);
  } catch (cause) {
    throw new HarnessError({
      code: 'LEDGER_UNUSABLE',
      blame: 'usage',
      doing: `Reading the ledger ${path}`,
      expected: 'a run on every line, as this release writes it',
      seen: `line ${number}: ${messageOf(cause)}`,
      next: 'give another file: --ledger FILE',
      cause,
    });
  }
}

function demandSame({ run, subject: then }: RunEntry, now: Subject, path: string): void {
  const fields = ['commit', 'istio', 'chosen'] as const;
  const other = fields.find((field) => then[field] !== now[field]);
  if (other === undefined) return;
  throw new HarnessError({
    code: 'ANOTHER_SUBJECT',
    blame: 'usage',
    doing: `Continuing the ledger ${path}`,
    expected: `runs of one thing only, here of ${other} ${now[other]}`,
    seen: `run ${run} was of ${other} ${then[other]}`,
    next: 'begin another one: --ledger FILE',
  });
}
