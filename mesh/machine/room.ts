import { mkdir } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { freeBytes } from './resources.ts';

const MIB = 1024 ** 2;

/**
 * Whether there is room in a folder, which is made if it is not there.
 *
 * @param mib how much is needed
 * @throws HarnessError DISK_FULL where there is less
 */
export async function demandRoom(folder: string, mib: number, doing: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const free = (await freeBytes(folder)) / MIB;
  if (free >= mib) return;
  throw new HarnessError({
    code: 'DISK_FULL',
    blame: 'environment',
    doing,
    expected: `${mib} MiB`,
    seen: `no space left in ${folder}: ${free.toFixed(1)} MiB`,
    next: 'free some space there, or name another folder: --report FOLDER',
  });
}
