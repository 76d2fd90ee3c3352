import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { type Check, fine, lacks, limits } from './check.ts';

const GIB = 1024 ** 3;
/** A node with Istio and the apps of two workers was seen to use 2.5 GiB; linking Kubernetes takes 2 more. */
const LEAST_MEMORY = 4;
const GOOD_MEMORY = 8;

export function memory(total = totalmem(), free = freemem()): Check {
  const seen = `${(total / GIB).toFixed(1)} GiB, ${(free / GIB).toFixed(1)} GiB free`;
  if (total < LEAST_MEMORY * GIB) return lacks('memory', seen, `use a machine with at least ${LEAST_MEMORY} GiB`);
  if (total < GOOD_MEMORY * GIB)
    return limits('memory', seen, `${GOOD_MEMORY} GiB are better; with less use --workers 1`);
  return fine('memory', seen);
}

export interface Needs {
  /** Who writes there: `cache`. */
  readonly who: string;
  /** A folder on the disk in question, which need not be there yet. */
  readonly path: string;
  /** GiB that a run may still have to write there. */
  readonly gib: number;
}

/** One check for each disk: what is written to the same one adds up. */
export async function disks(needs: readonly Needs[]): Promise<readonly Check[]> {
  const placed = await Promise.all(needs.map(async (one) => ({ ...one, device: (await stat(nearest(one.path))).dev })));
  return Promise.all([...Map.groupBy(placed, ({ device }) => device).values()].map(disk));
}

async function disk(needs: readonly Needs[]): Promise<Check> {
  const about = `disk, ${needs.map(({ who }) => who).join(' and ')}`;
  const paths = needs.map(({ path }) => path);
  const needed = needs.reduce((sum, { gib }) => sum + gib, 0);
  const free = (await freeBytes(nearest(paths[0] ?? '/'))) / GIB;
  const seen = `${free.toFixed(1)} GiB free at ${paths.join(' and ')}, up to ${needed} GiB needed`;
  if (free < needed) return lacks(about, seen, 'free some space, or set ISTIO_E2E_CACHE to a folder on a larger disk');
  return fine(about, seen);
}

/** Bytes that may still be written to the disk on which a path lies. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

function nearest(path: string): string {
  return existsSync(path) ? path : nearest(dirname(path));
}
