import { bounds, type Bounds, FALSE_ALARM, sampleSize } from './binomial.ts';
import { anyFalseAlarm, type Chances, chancesOfShare } from './chances.ts';
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
  return Math.max(...values.map((share) => sampleSize(share / 100, tellApart / 100, alarmOf(values.length))));
}

/** Judges one sample once. What no branch answered counts against it. */
export function judgeSplit(tally: Tally, shares: Shares, asked: number): SplitVerdict {
  const alarm = alarmOf(Object.keys(shares).length);
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

/** Two branches are one draw; of more, each has its own chance of a false alarm. */
function alarmOf(branches: number): number {
  return branches > 2 ? FALSE_ALARM / branches : FALSE_ALARM;
}

/** Exact for two branches; of more, their false alarms are added up, which is a little more than their union. */
export function chancesOfSplit({ branches, requests }: SplitVerdict, tellApart: number): Chances {
  const each = branches.map(({ version, share, atLeast, atMost }) =>
    chancesOfShare(version, { atLeast, atMost }, requests, { share: share / 100, shift: tellApart / 100 }),
  );
  const [first, second] = branches;
  if (branches.length !== 2 || first === undefined || second === undefined)
    return { falseAlarm: anyFalseAlarm(each), misses: each.flatMap(({ misses }) => misses) };
  // What the one does not get the other does: both bounds are about one number.
  const both = {
    atLeast: Math.max(first.atLeast, requests - second.atMost),
    atMost: Math.min(first.atMost, requests - second.atLeast),
  };
  return chancesOfShare(first.version, both, requests, { share: first.share / 100, shift: tellApart / 100 });
}

/** `v1 50 %, v2 50 %` */
export function sharesInWords(shares: Shares): string {
  return Object.entries(shares)
    .map(([version, share]) => `${version} ${share} %`)
    .join(', ');
}
