import { countWhere, type Outcome, served, type Tally } from './outcome.ts';

/** One request of traffic that flowed while a rule changed. */
export interface Step {
  readonly atMillis: number;
  readonly outcome: Outcome;
}

/** Requests of such traffic that came to the same: how many, and when the first and the last of them were sent. */
export interface Stretch {
  readonly outcome: Outcome;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

export function stretchesOf(steps: readonly Step[]): readonly Stretch[] {
  const groups = Map.groupBy(steps, ({ outcome }) => JSON.stringify(outcome));
  return [...groups.values()].flatMap((same) => {
    const times = same.map(({ atMillis }) => atMillis);
    const [one] = same;
    if (one === undefined) return [];
    return [{ outcome: one.outcome, count: same.length, first: Math.min(...times), last: Math.max(...times) }];
  });
}

export interface HandOverVerdict {
  readonly pass: boolean;
  /** Requests that neither version served. */
  readonly lost: Tally;
  readonly before: number;
  readonly after: number;
  /** Milliseconds in which both versions served: the old one's last answer minus the new one's first, 0 if they did not meet. */
  readonly overlapMillis: number;
  /** The old one served first, and the new one last. */
  readonly inOrder: boolean;
}

/** Traffic went from one version to the other and no request was lost: both must have served, the one before the other. */
export function judgeHandOver(stretches: readonly Stretch[], from: string, to: string): HandOverVerdict {
  const [old, young] = [from, to].map((version) => stretches.filter(({ outcome }) => served(outcome, version)));
  const count = (version: string) => countWhere(stretches, (outcome) => served(outcome, version));
  const lost = stretches
    .filter(({ outcome }) => !served(outcome, from) && !served(outcome, to))
    .map(({ outcome, count: of }) => ({ outcome, count: of }));
  const first = (some: readonly Stretch[] = []) => Math.min(Infinity, ...some.map((one) => one.first));
  const last = (some: readonly Stretch[] = []) => Math.max(0, ...some.map((one) => one.last));
  const [before, after] = [count(from), count(to)];
  const inOrder = first(old) < first(young) && last(old) < last(young);
  const pass = lost.length === 0 && before > 0 && after > 0 && inOrder;
  return { pass, lost, before, after, overlapMillis: Math.max(0, last(old) - first(young)), inOrder };
}
