import type { Kube } from '../kube/kube.ts';
import { inSeconds } from '../seconds.ts';

/** Time as an argument: what counts on whatever the clock is set to, and what the clock says. */
export interface Times {
  now(): number;
  wall(): number;
}

const systemTimes: Times = { now: () => performance.now(), wall: () => Date.now() };

const EVERY = 500;
/** A busy machine answers late; for so long nothing that works keeps still. */
const STILL = 5_000;
/** As a median: requests, rules and looks each take many times that. */
const SLOW = 1_000;
const FEWEST = 3;
/** More than a clock is corrected by that is set right bit by bit. */
const JUMP = 2_000;

/** A question to the API server that is under way, or was. */
interface Asked {
  readonly at: number;
  end?: number;
  /** Why there was no answer. */
  failure?: string;
}

interface Interval {
  readonly at: number;
  readonly millis: number;
}

/**
 * Feels the pulse of what every verdict leans on: this process, its clock, and the API server. Twice a second, so that a node that stands
 * still is noticed although nothing of it is different afterwards.
 */
export class Pulse implements Disposable {
  readonly #ask: () => Promise<unknown>;
  readonly #times: Times;
  readonly #asked: Asked[] = [];
  readonly #stalls: Interval[] = [];
  readonly #jumps: Interval[] = [];
  #last: number;
  #offset: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ask: () => Promise<unknown>, times = systemTimes) {
    this.#ask = ask;
    this.#times = times;
    this.#last = times.now();
    this.#offset = times.wall() - times.now();
  }

  static begin(kube: Kube): Pulse {
    const pulse = new Pulse(() => kube.version());
    pulse.#timer = setInterval(() => {
      pulse.beat();
    }, EVERY);
    pulse.#timer.unref();
    return pulse;
  }

  get now(): number {
    return this.#times.now();
  }

  beat(): void {
    const now = this.now;
    const late = now - this.#last - EVERY;
    if (late >= STILL) this.#stalls.push({ at: now, millis: late });
    this.#last = now;
    const jump = this.#times.wall() - now - this.#offset;
    if (Math.abs(jump) >= JUMP) this.#jumps.push({ at: now, millis: jump });
    this.#offset += Math.abs(jump) >= JUMP ? jump : 0;
    const last = this.#asked.at(-1);
    if (last === undefined || last.end !== undefined) this.#look(now);
  }

  /**
   * What kept the harness from judging, in words.
   *
   * @param moment since when, by `now`
   * @param aftermath milliseconds before that for which a standstill, or a jump, still has consequences
   */
  troubles(moment: number, aftermath: number): readonly string[] {
    // A timer that is late itself has not told yet.
    this.beat();
    const since = (at: number) => at >= moment - aftermath;
    const stalls = this.#stalls
      .filter(({ at }) => since(at))
      .map(({ millis }) => `this process stood still for ${inSeconds(millis)}`);
    // It may stay wrong, but not every red test of the hours to come is its doing.
    const jumps = this.#jumps
      .filter(({ at }) => since(at))
      .map(({ millis }) => `this machine's clock jumped by ${millis > 0 ? '+' : ''}${inSeconds(millis)}`);
    return [...jumps, ...stalls, ...this.#silences(since), ...this.#slowness(moment)];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(at: number): void {
    const asked: Asked = { at };
    this.#asked.push(asked);
    this.#ask()
      .catch((error: unknown) => {
        asked.failure = error instanceof Error ? error.message : 'no answer';
      })
      .finally(() => (asked.end = this.now));
  }

  #millis({ at, end = this.now }: Asked): number {
    return end - at;
  }

  /** Answers that were very late, and times without one: two failures in a row at least, since a kept connection may break. */
  #silences(since: (at: number) => boolean): readonly string[] {
    const late = this.#asked.filter((asked) => since(asked.end ?? this.now) && this.#millis(asked) >= STILL);
    const outages: { from: number; to: number; failures: string[] }[] = [];
    let open: (typeof outages)[number] | undefined;
    for (const { at, end = this.now, failure } of this.#asked) {
      if (failure === undefined) open = undefined;
      else if (open !== undefined) Object.assign(open, { to: end }).failures.push(failure);
      else outages.push((open = { from: at, to: end, failures: [failure] }));
    }
    return [
      ...late.map((asked) => `the API server gave no answer for ${inSeconds(this.#millis(asked))}`),
      ...outages
        .filter(({ to, failures }) => since(to) && failures.length > 1)
        .map(
          ({ from, to, failures: [first = ''] }) =>
            `the API server could not be asked for ${inSeconds(to - from)}: ${why(first)}`,
        ),
    ];
  }

  #slowness(moment: number): readonly string[] {
    const during = this.#asked.filter(({ at }) => at >= moment).map((asked) => this.#millis(asked));
    const median = during.toSorted((a, b) => a - b)[Math.floor(during.length / 2)] ?? 0;
    if (during.length < FEWEST || median < SLOW) return [];
    return [
      `this machine is slow: the API server took ${inSeconds(median)} for an answer (median of ${during.length})`,
    ];
  }
}

/** The first line of an error, without its code. */
function why(failure: string): string {
  return (failure.split('\n')[0] ?? '').replace(/ \[[A-Z_]+\]$/, '').replace(/^.*failed: /, '');
}
