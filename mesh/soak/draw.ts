import { createHash } from 'node:crypto';

/** How one run differs from the next. */
export interface Draw {
  /** For Playwright's `--shuffle`. */
  readonly order: string;
  readonly workers: number;
}

/** The order and the number of workers of a run: the same for the same seed and number, whenever it is drawn. */
export function drawFor(seed: string, run: number, workers: readonly number[]): Draw {
  const order = `${seed}-${run}`;
  const drawn = createHash('sha256').update(order).digest().readUInt32BE();
  return { order, workers: workers[drawn % workers.length] ?? 1 };
}
