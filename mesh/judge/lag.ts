import { countWhere, type Outcome, type Tally, total } from './outcome.ts';

/** How long the requests of one sample took, each for itself. */
export interface Timed {
  readonly asked: number;
  readonly tally: Tally;
  readonly records: readonly { readonly millis: number; readonly outcome: Outcome }[];
}

export interface LagVerdict {
  readonly pass: boolean;
  /** Requests that came to something else than was claimed. */
  readonly others: Tally;
  /** Requests of the twin that were not simply served. */
  readonly twinFailed: number;
  /** Requests that were answered before the claimed time had passed. */
  readonly early: number;
  readonly shortest: number;
  /** How much longer the middle request took than the twin's: whatever slows the machine slows both. */
  readonly lag: number;
  readonly atMost: number;
}

/** Timers count in whole milliseconds, and start a moment before the request that they hold up is sent. */
const ROUNDING = 10;
/** What may come on top of the claimed time, on a machine that is busy with other things. */
const SLACK_SHARE = 0.25;
const LEAST_SLACK = 500;
/** If the twin took most of the claimed time as well, it was held up too, and is none. */
const LEAST_LAG_SHARE = 0.5;

/**
 * Every request took at least so long, and the middle one no more than that beyond its twin, which was asked at the same time: so
 * the time of the machine falls out of the comparison. A claim of 0 says that nothing was held up.
 */
export function judgeLag(sample: Timed, twin: Timed, millis: number, fits: (outcome: Outcome) => boolean): LagVerdict {
  const others = sample.tally.filter(({ outcome }) => !fits(outcome));
  const plainly = (outcome: Outcome) => outcome.kind === 'answered' && outcome.status === 200;
  const twinFailed = Math.max(twin.asked, total(twin.tally)) - countWhere(twin.tally, plainly);
  const times = sample.records.map((record) => record.millis);
  const lag = median(times) - median(twin.records.map((record) => record.millis));
  const early = times.filter((time) => time < millis - ROUNDING).length;
  const atMost = millis + Math.max(LEAST_SLACK, SLACK_SHARE * millis);
  const whole = sample.asked > 0 && times.length === sample.asked && twin.records.length === twin.asked;
  const heldUp = early === 0 && (millis === 0 || lag >= LEAST_LAG_SHARE * millis);
  const pass = whole && others.length === 0 && twinFailed === 0 && heldUp && lag <= atMost;
  return { pass, others, twinFailed, early, shortest: Math.min(Infinity, ...times), lag, atMost };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Infinity;
}
