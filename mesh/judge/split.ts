import { bounds, type Bounds, FALSE_ALARM, sampleSize } from './binomial.ts';
import { countWhere, served, type Tally, total } from './outcome.ts';

/** Shares in per cent, by version. */
export type Shares = Readonly<Record<string, number>>;

export interface Branch extends Bounds {
  readonly version: string;
  readonly share: number;
  readonly seen: number;
}

export interface SplitVerdict {
  readonly pass: boolean;
  readonly requests: number;
  readonly branches: readonly Branch[];
  readonly off: readonly Branch[];
  /** Requests that none of the branches answered. */
  readonly strangers: number;
}

/** How many requests a split takes so that a shift of `tellApart` points in any branch is noticed. */
export function splitSize(shares: Shares, tellApart: number): number {
  const values = Object.values(shares);
  const sum = values.reduce((a, b) => a + b, 0);
  if (values.length < 2 || Math.abs(sum - 100) > 1e-9) {
    throw new RangeError(`A split has two or more branches that make 100 %; seen: ${sharesInWords(shares)}.`);
  }
  return Math.max(...values.map((share) => sampleSize(share / 100, tellApart / 100)));
}

/** Judges one sample once. What no branch answered counts against it. */
export function judgeSplit(tally: Tally, shares: Shares, asked: number): SplitVerdict {
  // Two branches are one draw; of more, each has its own chance of a false alarm.
  const alarm = FALSE_ALARM / Math.max(1, Object.keys(shares).length - 1);
  const branches = Object.entries(shares).map(([version, share]) => ({
    version,
    share,
    seen: countWhere(tally, (outcome) => served(outcome, version)),
    ...bounds(share / 100, asked, alarm),
  }));
  const off = branches.filter(({ seen, atLeast, atMost }) => seen < atLeast || seen > atMost);
  const strangers = Math.max(asked, total(tally)) - branches.reduce((sum, { seen }) => sum + seen, 0);
  return { pass: asked > 0 && off.length === 0 && strangers === 0, requests: asked, branches, off, strangers };
}

/** `v1 50 %, v2 50 %` */
export function sharesInWords(shares: Shares): string {
  return Object.entries(shares)
    .map(([version, share]) => `${version} ${share} %`)
    .join(', ');
}
