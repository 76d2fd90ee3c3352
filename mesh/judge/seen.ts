import type { Arrivals } from './arrivals.ts';

/** How often a request with each id arrived at a back end. */
export type SeenIds = ReadonlyMap<string, number>;

export interface TriesVerdict {
  readonly pass: boolean;
  /** How many requests were tried how often: tries to requests. */
  readonly histogram: ReadonlyMap<number, number>;
}

/** Every request arrived exactly so often, and none that was never sent. */
export function judgeTries(arrivals: Arrivals, times: number): TriesVerdict {
  const histogram = new Map<number, number>();
  for (const { times: tries, requests } of arrivals.each) histogram.set(tries, (histogram.get(tries) ?? 0) + requests);
  const pass = histogram.size === 1 && histogram.has(times) && arrivals.strangers === 0;
  return { pass, histogram };
}

/** Ids that arrived although nobody sent them. */
export function strangersIn(seen: SeenIds, ids: readonly string[]): readonly string[] {
  const sent = new Set(ids);
  return [...seen.keys()].filter((id) => !sent.has(id));
}

/** What several back ends saw, together. */
export function together(all: readonly SeenIds[]): SeenIds {
  const sum = new Map<string, number>();
  for (const seen of all) for (const [id, count] of seen) sum.set(id, (sum.get(id) ?? 0) + count);
  return sum;
}

/** `3 times 18, once 2` */
export function triesInWords(histogram: ReadonlyMap<number, number>): string {
  if (histogram.size === 0) return 'nothing at all';
  return [...histogram]
    .toSorted(([a], [b]) => a - b)
    .map(([tries, requests]) => `${requests} ${timesInWords(tries)}`)
    .join(', ');
}

export function timesInWords(times: number): string {
  return times === 0 ? 'never' : times === 1 ? 'once' : `${times} times`;
}
