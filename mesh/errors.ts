import { redact } from './redact.ts';
import { inSeconds } from './seconds.ts';

/** Whose problem it is: the caller's, the machine's, or what was checked. Scripts turn it into the exit code. */
export type Blame = 'usage' | 'environment' | 'red';

export interface Trouble {
  /** Stable and short, for logs and searches: `ENGINE_MISSING`. */
  readonly code: string;
  readonly blame: Blame;
  /** What was being done: "Starting the Docker engine". */
  readonly doing: string;
  readonly expected?: string;
  readonly seen: string;
  /** Milliseconds that were spent waiting, where there was a wait. */
  readonly afterMillis?: number;
  /** What the reader can do about it. */
  readonly next: string;
  readonly cause?: unknown;
}

/** Every error that the harness expects to happen. Its message is complete: print it without the stack. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly code: string;
  readonly blame: Blame;

  constructor(trouble: Trouble) {
    super(redact(inWords(trouble)), trouble.cause === undefined ? undefined : { cause: trouble.cause });
    this.code = trouble.code;
    this.blame = trouble.blame;
  }
}

/** Whatever was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function inWords({ code, doing, expected, seen, afterMillis, next }: Trouble): string {
  const after = afterMillis === undefined ? '' : ` (after ${inSeconds(afterMillis)})`;
  return [
    `${doing}: ${seen}${after} [${code}]`,
    ...(expected === undefined ? [] : [`  expected: ${expected}`]),
    `  what to do: ${next}`,
  ].join('\n');
}

/** What goes where there is room for one line. */
export function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
