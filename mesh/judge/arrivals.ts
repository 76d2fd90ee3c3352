import type { Outcome } from './outcome.ts';
import { type SeenIds, strangersIn } from './seen.ts';

/** A request, and what it came to. */
export interface Ending {
  readonly id: string;
  readonly outcome: Outcome;
}

/** Requests that came to the same, and arrived equally often. */
export interface Arrived {
  readonly outcome: Outcome;
  readonly times: number;
  readonly requests: number;
  /** The first of them, for whoever looks for one in a log. */
  readonly first: string;
}

/** What became of the requests of a sample at the back ends: all that a verdict needs of thousands of ids. */
export interface Arrivals {
  readonly each: readonly Arrived[];
  /** Ids that arrived although nobody sent them. */
  readonly strangers: number;
}

export function arrivalsOf(endings: readonly Ending[], seen: SeenIds): Arrivals {
  const groups = Map.groupBy(endings, ({ id, outcome }) => `${seen.get(id) ?? 0} ${JSON.stringify(outcome)}`);
  const each = [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ outcome: first.outcome, times: seen.get(first.id) ?? 0, requests: others.length + 1, first: first.id }],
  );
  const ids = endings.map(({ id }) => id);
  return { each, strangers: strangersIn(seen, ids).length };
}

/** How many requests are like this. */
export function arrivedWhere({ each }: Arrivals, fits: (one: Arrived) => boolean): number {
  return each.filter(fits).reduce((sum, { requests }) => sum + requests, 0);
}
