import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A check that was red, and the first line of what it said. */
export interface Red {
  readonly test: string;
  readonly line: string;
}

/** How many checks a command made, and how they ended. */
export interface Summary {
  readonly passed: number;
  readonly skipped: number;
  /** Those that the command came to its end without; none where it does not say. */
  readonly notReached?: number;
  readonly red: readonly Red[];
}

/**
 * For whoever runs several commands and wants one true total, and what was red below it. As many have failed as are named: what went wrong with a run as a
 * whole is one of them, though no test was red.
 */
export async function writeSummary(path: string, summary: Summary): Promise<void> {
  const { passed, skipped, notReached = 0, red } = summary;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ passed, failed: red.length, skipped, notReached, red }));
}
