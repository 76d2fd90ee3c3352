import type { Lane, OpenLane } from './lane.ts';

/**
 * Lends lanes, and opens one only when none is free: the lane that came back last goes out first, so that a run that
 * needs three connections at a time has three, whatever its concurrency allows.
 */
export class LanePool {
  readonly #open: OpenLane;
  readonly #most: number;
  readonly #free: Lane[] = [];
  readonly #waiting: ((lane: Lane) => void)[] = [];
  #opened = 0;

  constructor(open: OpenLane, most: number) {
    this.#open = open;
    this.#most = most;
  }

  async take(): Promise<Lane> {
    const lane = this.#free.pop();
    if (lane !== undefined) return lane;
    if (this.#opened < this.#most) {
      this.#opened += 1;
      return this.#open();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(lane);
    else next(lane);
  }

  /** Waits until every lane is back and closes them. */
  async close(): Promise<void> {
    const lanes = await Promise.all(Array.from({ length: this.#opened }, () => this.#takeOpened()));
    for (const lane of lanes) lane.close();
  }

  async #takeOpened(): Promise<Lane> {
    return this.#free.pop() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }
}
