import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from './plan.ts';

/**
 * A timer may fire a little late, and a schedule's last request is due just before its deadline: it is still sent.
 */
const LATE_TIMER_MILLIS = 25;

/** When each request of a run is due, and when there are no more. Times are milliseconds since the start. */
export class Schedule {
  readonly #spacing: number;
  readonly #count: number;
  readonly #deadline: number;

  constructor({ rate, count, durationMillis }: Pick<Plan, 'rate' | 'count' | 'durationMillis'>) {
    this.#spacing = rate > 0 ? 1000 / rate : 0;
    // With a rate, a duration is a number of requests: 2 s of 50 a second are 100, whatever the timers do.
    const fitting = rate > 0 ? Math.ceil((durationMillis * rate) / 1000) : Infinity;
    this.#count = Math.min(count, fitting);
    this.#deadline = durationMillis + (rate > 0 ? LATE_TIMER_MILLIS : 0);
  }

  /** Whether request n (from 0) is still part of the run. */
  includes(n: number, now: number): boolean {
    return n < this.#count && now < this.#deadline;
  }

  dueAt(n: number): number {
    return n * this.#spacing;
  }

  /** Waits until request n is due, never less, or until the signal. */
  async whenDue(n: number, now: () => number, signal: AbortSignal): Promise<void> {
    // A timer has whole milliseconds and may fire a fraction early: then it is set once more.
    for (let wait = this.#waitFor(n, now); wait > 0 && !signal.aborted; wait = this.#waitFor(n, now)) {
      await sleep(Math.ceil(wait), undefined, { signal }).catch(() => undefined);
    }
  }

  #waitFor(n: number, now: () => number): number {
    return this.dueAt(n) - now();
  }
}
