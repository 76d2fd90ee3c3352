import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How many checks a command made, and how they ended. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** For whoever runs several commands and wants one true total. */
export async function writeSummary(path: string, { passed, failed, skipped }: Summary): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ passed, failed, skipped }));
}
