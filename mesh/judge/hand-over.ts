import { type Outcome, served, type Tally } from './outcome.ts';

/** One request of traffic that flowed while a rule changed. */
export interface Step {
  readonly atMillis: number;
  readonly outcome: Outcome;
}

export interface HandOverVerdict {
  readonly pass: boolean;
  /** Requests that neither version served. */
  readonly lost: Tally;
  readonly before: number;
  readonly after: number;
  /** Milliseconds in which both versions served: the old one's last answer minus the new one's first, 0 if they did not meet. */
  readonly overlapMillis: number;
}

/** Traffic went from one version to the other and no request was lost: both must have served, or nothing was handed over. */
export function judgeHandOver(steps: readonly Step[], from: string, to: string): HandOverVerdict {
  const before = steps.filter(({ outcome }) => served(outcome, from));
  const after = steps.filter(({ outcome }) => served(outcome, to));
  const lost = steps
    .filter(({ outcome }) => !served(outcome, from) && !served(outcome, to))
    .map(({ outcome }) => ({ outcome, count: 1 }));
  const lastOld = Math.max(0, ...before.map(({ atMillis }) => atMillis));
  const firstNew = Math.min(Infinity, ...after.map(({ atMillis }) => atMillis));
  const pass = lost.length === 0 && before.length > 0 && after.length > 0;
  return { pass, lost, before: before.length, after: after.length, overlapMillis: Math.max(0, lastOld - firstNew) };
}
