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
  readonly failed: number;
  readonly skipped: number;
  readonly red: readonly Red[];
}

/** For whoever runs several commands and wants one true total, and what was red below it. */
export async function writeSummary(path: string, { passed, failed, skipped, red }: Summary): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ passed, failed, skipped, red }));
}
