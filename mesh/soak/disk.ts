import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const MIB = 1024 ** 2;

/** MiB of all files below a folder, as they lie on the disk; 0 where there is none. What goes away meanwhile counts nothing. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sizeOf(path);
    const blocks = await lstat(path)
      .then((stats) => stats.blocks)
      .catch(() => 0);
    return (blocks * 512) / MIB;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export async function filesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).length;
}
