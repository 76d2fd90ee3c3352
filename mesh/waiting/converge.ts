import { setTimeout as pause } from 'node:timers/promises';
import { interruption } from '../interruption.ts';

/** Time as an argument, so that tests of waiting take none. */
export interface Clock {
  now(): number;
  pause(millis: number): Promise<unknown>;
}

export interface Pace {
  /** Milliseconds after which no further look is begun. */
  readonly within: number;
  /** Milliseconds between the end of a look and the next one. */
  readonly every?: number;
  /** Milliseconds before the first look, where it is known that nothing can be seen earlier. */
  readonly after?: number;
  /** Looks in a row that must satisfy: one lucky look says little about a mesh that is still changing. */
  readonly streak?: number;
  readonly clock?: Clock;
}

export interface Converged<T> {
  readonly held: boolean;
  /** What the last look saw, held or not: the caller judges with the evidence in hand. */
  readonly last: T;
  readonly looks: number;
  /** Milliseconds until the look that began the final streak; until we gave up where it did not hold. */
  readonly millis: number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  pause: (millis) => pause(millis, undefined, { signal: interruption.signal }).catch(giveUp),
};

/** For what has to come to its end although the run was interrupted: taking away what is half made. */
export const stubbornClock: Clock = { now: () => performance.now(), pause: (millis) => pause(millis) };

function giveUp(): never {
  throw interruption.signal.reason as Error;
}

/**
 * The one way to wait in this harness: looks until `holds` was true `streak` times in a row, or the time is over. It never
 * throws for what it sees; an error out of `look` is ours and passes through.
 */
export async function converge<T>(
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  { within, every = 25, after = 0, streak = 1, clock = systemClock }: Pace,
): Promise<Converged<T>> {
  const start = clock.now();
  const deadline = start + within;
  if (after > 0) await clock.pause(after);
  for (let looks = 1, inARow = 0, since = start; ; looks += 1) {
    const last = await look();
    const now = clock.now();
    inARow = holds(last) ? inARow + 1 : 0;
    if (inARow === 1) since = now;
    if (inARow >= streak) return { held: true, last, looks, millis: since - start };
    if (now + every > deadline) return { held: false, last, looks, millis: now - start };
    await clock.pause(every);
  }
}
