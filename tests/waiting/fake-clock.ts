import type { Clock } from '../../mesh/waiting/converge.ts';

/** Time that passes only in pauses. */
export function fakeClock(): Clock {
  let now = 0;
  return { now: () => now, pause: (millis) => Promise.resolve((now += millis)) };
}
