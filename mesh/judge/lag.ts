import { countWhere, isServed, type Outcome, type Tally, total } from './outcome.ts';

/** How long the requests of one sample took, each for itself. */
export interface Timed {
  readonly asked: number;
  readonly tally: Tally;
  /** Milliseconds that each took, in the order in which they were sent. */
  readonly millis: readonly number[];
  /** By how many milliseconds the prober was behind its schedule at the most: it stood still, and nobody was there to be held up. */
  readonly behind?: number;
  /** Milliseconds after which an app on the way gives up and asks once more, where it does. */
  readonly asksAgain?: number | undefined;
  /** Programs on its way for each on the twin's: a busy machine holds it up in each of them. */
  readonly programs?: number | undefined;
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
  /** How much longer the fastest request took than the twin's fastest: what slows a machine leaves one of many alone. */
  readonly lag: number;
  readonly atMost: number;
  /** The same for the middle request, with more room. */
  readonly middleLag: number;
  readonly middleAtMost: number;
  /** Requests that took longer than the twin's middle one and that room together. A machine hiccups; a delay of some of them is no hiccup. */
  readonly late: number;
  /** Requests of the twin that took as much longer than its fastest. */
  readonly twinLate: number;
  /** Whether a machine that is busy explains late ones: then the others are not fast either. Where they are, something holds some of them up. */
  readonly busy: boolean;
  /** Whether so few of the twin were in time that those cannot tell, and the late ones are late by anything: what an injected delay never does. */
  readonly scattered: boolean;
  /** The longest that the twin was held up, or that its prober was. */
  readonly stood: number;
  /** Whether all that is amiss is what a standstill of that length does: late, by no more than it, or, for a few, lost to a time limit. */
  readonly standstill: boolean;
  /** Whether none was early, and none later than is granted. */
  readonly asLate: boolean;
}

/** Timers count in whole milliseconds, and start a moment before the request that they hold up is sent. */
const ROUNDING = 10;
/** What may come on top of the claimed time: for the fastest request, so that 1 s and 1.5 s are told apart, and for the middle one. */
const SLACK = { share: 0.1, least: 250 };
const MIDDLE_SLACK = { share: 0.5, least: 1000 };
/**
 * Where the twin's own middle request is so much slower than its fastest, the machine was busy with something else, and the fastest of the sample had
 * less luck than it has on a quiet one. More than this is not made up for: 1 s and 1.5 s are to be told apart even then.
 */
const UNREST = { from: 100, atMost: 200 };
/** The share of late requests that is put down to the machine. */
export const HICCUPS = 0.1;
/** With fewer of the twin in time, those that are say nothing of the machine. */
const LEAST_IN_TIME = 0.25;
/** From so long a standstill on, a request may have lost to a time limit, or a limit to a request, for nothing else. */
const LOSES_TO_LIMIT = 500;
/** Samples are sent over a second: only what stands still for longer holds up every one of them. */
const HOLDS_UP_ALL = 1_000;
/** If the twin took most of the claimed time as well, it was held up too, and is none. */
const LEAST_LAG_SHARE = 0.5;

/**
 * Every request took at least so long, and the fastest and the middle one hardly more than that beyond the twin's, which was asked at the
 * same time: so the time of the machine falls out of the comparison. Of the others a tenth may be late. A claim of 0 says that nothing was held up.
 *
 * @param races what else a request may come to, where a machine that stands still decides between an answer and a time limit
 */
export function judgeLag(
  sample: Timed,
  twin: Timed,
  millis: number,
  fits: (outcome: Outcome) => boolean,
  races: (outcome: Outcome) => boolean = () => false,
): LagVerdict {
  const others = sample.tally.filter(({ outcome }) => !fits(outcome));
  const twinFailed = Math.max(twin.asked, total(twin.tally)) - countWhere(twin.tally, isServed);
  const [times, twinTimes] = [sample.millis, twin.millis];
  const [shortest, middle] = [Math.min(Infinity, ...times), median(times)];
  const [twinShortest, twinMiddle] = [Math.min(Infinity, ...twinTimes), median(twinTimes)];
  const [lag, middleLag] = [shortest - twinShortest, middle - twinMiddle];
  const early = times.filter((time) => time < millis - ROUNDING).length;
  const unrest = twinMiddle - twinShortest - UNREST.from;
  const room = unrest > 0 ? Math.min(UNREST.atMost, unrest) : 0;
  const [atMost, middleAtMost] = [withSlack(millis, SLACK) + room, withSlack(millis, MIDDLE_SLACK)];
  const whole = sample.asked > 0 && times.length === sample.asked && twinTimes.length === twin.asked;
  const heldUp = early === 0 && (millis === 0 || Math.min(lag, middleLag) >= LEAST_LAG_SHARE * millis);
  const late = times.filter((time) => time > twinMiddle + middleAtMost).length;
  const inTwinsTime = (time: number) => time <= twinShortest + MIDDLE_SLACK.least;
  const twinLate = twinTimes.filter((time) => !inTwinsTime(time)).length;
  const inTwins = twinTimes.filter(inTwinsTime);
  const busy = median(inTwins) - twinShortest > UNREST.from;
  const scattered = inTwins.length < LEAST_IN_TIME * twin.asked && spread(twinTimes) > UNREST.from;
  const twinFits = twinLate <= HICCUPS * twin.asked || busy;
  const inTime = lag <= atMost && middleLag <= middleAtMost && late <= HICCUPS * sample.asked;
  const asLate = heldUp && inTime;
  const stood = Math.max(twin.behind ?? 0, Math.max(...twinTimes) - twinShortest);
  const raced = others.every(({ outcome }) => races(outcome)) && total(others) <= sample.asked / 2;
  const { asksAgain = Infinity, programs = 1 } = sample;
  const stoodInAll = programs * stood;
  const isLateByThat = (time: number) => time - twinShortest <= withSlack(millis, SLACK) + stoodInAll;
  const later = stretchOf(times, (time) => !isLateByThat(time));
  // Whoever was brought to the limit of an app on the way waits a second time, and the whole of it.
  const bringsToLimit = stoodInAll >= Math.max(LOSES_TO_LIMIT, asksAgain - withSlack(millis, SLACK));
  const isSecondTry = (time: number) => time >= asksAgain + millis - ROUNDING && isLateByThat(time - asksAgain);
  const standstill =
    (others.length === 0 || (raced && stood >= LOSES_TO_LIMIT)) &&
    (lag <= atMost || stood >= HOLDS_UP_ALL) &&
    whole &&
    (twinLate <= HICCUPS * twin.asked || isOneStretch(twinTimes, twinShortest)) &&
    (later.length === 0 || (bringsToLimit && later.every(isSecondTry) && later.length <= times.length / 2));
  const pass = whole && others.length === 0 && twinFailed === 0 && twinFits && asLate;
  return {
    pass,
    others,
    twinFailed,
    early,
    shortest,
    lag,
    atMost,
    middleLag,
    middleAtMost,
    late,
    twinLate,
    busy,
    scattered,
    stood,
    standstill,
    asLate,
  };
}

/** Who stands still holds up those that come one after the other, if not each of them for long, and not the most of all. */
function isOneStretch(times: readonly number[], shortest: number): boolean {
  const inBetween = stretchOf(times, (time) => time > shortest + MIDDLE_SLACK.least);
  return inBetween.every((time) => time > shortest + SLACK.least) && inBetween.length <= times.length / 2;
}

/** All from the first to the last of a kind. */
function stretchOf(times: readonly number[], is: (time: number) => boolean): readonly number[] {
  return times.slice(times.findIndex(is), times.findLastIndex(is) + 1);
}

function withSlack(millis: number, { share, least }: typeof SLACK): number {
  return millis + Math.max(least, share * millis);
}

export function median(values: readonly number[]): number {
  return quantile(values, 1 / 2);
}

/** Between the quarters of them. */
function spread(values: readonly number[]): number {
  return quantile(values, 3 / 4) - quantile(values, 1 / 4);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Infinity;
}
