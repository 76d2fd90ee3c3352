import type { Step } from './hand-over.ts';
import { served, type Tally } from './outcome.ts';

export interface EjectionVerdict {
  readonly pass: boolean;
  /** Requests that nobody served. */
  readonly lost: Tally;
  /** Longest time, in milliseconds, in which the instance served nothing. */
  readonly away: number;
  /** Requests that others served meanwhile. */
  readonly meanwhile: number;
  readonly atMost: number;
}

export interface Ejection {
  /** Milliseconds for which an instance that failed must serve nothing; 0 says that it is not ejected at all. */
  readonly for: number;
  /** Milliseconds between two looks at who may come back. */
  readonly check: number;
}

/** Turns come unevenly, and a busy machine adds its own pauses. */
const SLACK = 750;

/**
 * Traffic flowed while an instance failed once: it then served nothing for as long as it must, others served everything, and
 * it came back.
 */
export function judgeEjection(
  steps: readonly Step[],
  failed: string,
  { for: millis, check }: Ejection,
): EjectionVerdict {
  const turns = steps.filter(({ outcome }) => served(outcome, failed)).map(({ atMillis }) => atMillis);
  const sorted = turns.toSorted((a, b) => a - b);
  const gaps = sorted.slice(1).map((at, index) => ({ from: sorted[index] ?? 0, to: at }));
  const longest = gaps.reduce((most, gap) => (gap.to - gap.from > most.to - most.from ? gap : most), {
    from: 0,
    to: 0,
  });
  const isServed = ({ outcome }: Step) => outcome.kind === 'answered' && outcome.status === 200;
  const lost = steps.filter((step) => !isServed(step)).map(({ outcome }) => ({ outcome, count: 1 }));
  const meanwhile = steps.filter(({ atMillis }) => atMillis > longest.from && atMillis < longest.to).length;
  const away = longest.to - longest.from;
  const atMost = (millis === 0 ? 0 : millis + check) + SLACK;
  const pass =
    lost.length === 0 && gaps.length > 0 && away >= millis && away <= atMost && (millis === 0 || meanwhile > 0);
  return { pass, lost, away, meanwhile, atMost };
}
