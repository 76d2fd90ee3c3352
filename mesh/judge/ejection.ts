import { isServed, type Tally, total } from './outcome.ts';

/** What the caller's proxy and the instances say at one moment, while requests flow. */
export interface Look {
  /** When it began and when it was over: between the two it was true. */
  readonly from: number;
  readonly to: number;
  /** Instances that are ejected now, and how often one was, since the proxy started. */
  readonly ejected: number;
  readonly ejections: number;
  /** Requests that the failed instance, and the others, have served since they started. */
  readonly served: number;
  readonly byOthers: number;
}

export interface Ejection {
  /** Milliseconds for which an instance that failed must serve nothing; 0 says that it is not ejected at all. */
  readonly for: number;
  /** Milliseconds between two looks of the proxy at who may come back. */
  readonly check: number;
}

export interface EjectionVerdict {
  readonly pass: boolean;
  readonly ejections: number;
  /** Requests that others served while the instance was ejected, and those that it got all the same. */
  readonly meanwhile: number;
  readonly intruders: number;
  /** Two looks found it ejected, late enough for its worker to have heard of it: without them nothing can be said. */
  readonly watched: boolean;
  /** The ejection lasted at least and at most so many milliseconds. */
  readonly atLeast: number;
  readonly atMost: number;
  /** How late the proxy may have been to let it come back: from the beginning of the last look that found it away to the end of the next. */
  readonly late: number;
  readonly lost: Tally;
  /** It served again at the end. */
  readonly back: boolean;
}

/**
 * What may come on top of the proxy's own looks. A proxy on a busy machine wakes late, and that is told besides: the thread that lets an instance come
 * back is the one that is asked who is away, so it was not late by more than what lies around the two looks between which it did.
 */
const ALLOWANCE = 150;
/**
 * Envoy's main thread counts an ejection at once. Where another change of the same cluster came less than a second before, it tells its
 * worker only with the next ones, a second later (`update_merge_window`): until then the ejected instance is still asked.
 */
const UNTOLD = 1_250;
const isAway = ({ ejected }: Look) => ejected > 0;

export interface Failure {
  readonly version: string;
  /** When the request that failed was sent, by the clock of the looks. */
  readonly sentAt: number;
  /** How often the proxy had ejected anybody before. */
  readonly ejections: number;
}

/**
 * No two clocks have to agree: what the instances counted between two looks that both found the failed one ejected was served meanwhile.
 *
 * @param tally of the requests that flowed
 */
export function judgeEjection(
  looks: readonly Look[],
  tally: Tally,
  { sentAt, ejections: before }: Failure,
  { for: millis, check }: Ejection,
): EjectionVerdict {
  const from = looks.findIndex(isAway);
  const last = looks.findLastIndex(isAway);
  const settled = whileAway(looks);
  const [first, end] = [settled[0], settled.at(-1)];
  const [most, final] = [looks[last], looks.at(-1)];
  const common = {
    ejections: (final?.ejections ?? before) - before,
    watched: settled.length > 1,
    meanwhile: (end?.byOthers ?? 0) - (first?.byOthers ?? 0),
    intruders: (end?.served ?? 0) - (first?.served ?? 0),
    atLeast: from < 0 ? 0 : Math.max(0, (most?.from ?? 0) - (looks[from]?.to ?? 0)),
    atMost: from < 0 ? 0 : (looks[last + 1]?.to ?? Infinity) - sentAt,
    late: from < 0 ? 0 : Math.max(0, (looks[last + 1]?.to ?? 0) - (most?.from ?? 0)),
    lost: tally.filter(({ outcome }) => !isServed(outcome)),
    back: (final?.served ?? 0) > ((from < 0 ? looks[0] : most)?.served ?? Infinity),
  };
  const clean = common.lost.length === 0 && total(tally) > 0 && common.back;
  if (millis === 0) return { ...common, pass: clean && common.ejections === 0 && from < 0 };
  const inTime = common.atMost >= millis && common.atLeast <= millis + check + common.late + ALLOWANCE;
  const kept = common.ejections === 1 && common.intruders === 0 && common.meanwhile > 0;
  return { ...common, pass: clean && kept && inTime };
}

/** The looks of an ejection that its worker must have heard of. */
function whileAway(looks: readonly Look[]): readonly Look[] {
  const away = looks.filter(isAway);
  const told = (away[0]?.to ?? 0) + UNTOLD;
  return away.filter(({ from }) => from >= told);
}
