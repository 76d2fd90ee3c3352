import { type Arrivals, arrivedWhere } from './arrivals.ts';
import { bounds, type Bounds } from './binomial.ts';
import { countWhere, isServed, type Outcome, type Tally, total } from './outcome.ts';

export interface AbortVerdict extends Bounds {
  readonly pass: boolean;
  readonly aborted: number;
  /** Neither aborted nor served. */
  readonly others: Tally;
  /** Aborted requests that a back end saw all the same. */
  readonly leaked: number;
  /** Requests that were served, and did not arrive exactly once. */
  readonly astray: number;
  readonly strangers: number;
}

/** Envoy's own words in the body of an answer that its fault filter gave: nothing else tells it from a back end's. */
export const FAULT_BODY = 'fault filter abort';

export function isAborted(outcome: Outcome, status: number): boolean {
  return isFault(outcome) && outcome.kind === 'answered' && outcome.status === status;
}

/** Aborted, with whatever status. */
export function isFault(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.detail === FAULT_BODY;
}

/**
 * So many per cent were aborted in the caller's proxy, by exact bounds; no back end saw one of them; everything else was served, and
 * arrived exactly once.
 */
export function judgeAbort(
  arrivals: Arrivals,
  tally: Tally,
  asked: number,
  { share, status }: { readonly share: number; readonly status: number },
): AbortVerdict {
  const isOther = (outcome: Outcome) => !isAborted(outcome, status) && !isServed(outcome);
  const believable = share === 100 ? { atLeast: asked, atMost: asked } : bounds(share / 100, asked);
  const aborted = countWhere(tally, (outcome) => isAborted(outcome, status));
  const others = tally.filter(({ outcome }) => isOther(outcome));
  const leaked = arrivedWhere(arrivals, ({ outcome, times }) => isAborted(outcome, status) && times > 0);
  const astray = arrivedWhere(arrivals, ({ outcome, times }) => !isAborted(outcome, status) && times !== 1);
  const { strangers } = arrivals;
  const within = aborted >= believable.atLeast && aborted <= believable.atMost;
  const whole = asked > 0 && total(tally) === asked && arrivedWhere(arrivals, () => true) === asked;
  const clean = others.length === 0 && leaked === 0 && astray === 0 && strangers === 0;
  return { pass: whole && within && clean, aborted, others, leaked, astray, strangers, ...believable };
}
