import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HarnessError } from '../errors.ts';
import { Lock } from '../lock.ts';
import { cachePath } from '../paths.ts';
import type { Say } from '../say.ts';
import { lockInTime } from '../waiting/lock-in-time.ts';

/** Longer than the longest build. */
const PATIENCE = 30 * 60_000;
/** Ends the name of everything that is not finished. */
export const HALF_MADE = '.half-made';

/**
 * Returns `path`, made by `make` where it is not there yet. What is being made stands under another name until it is whole, so
 * that a build that is cut off leaves nothing that a later run would take for finished.
 */
export async function keep(path: string, make: (halfMade: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  const halfMade = `${path}${HALF_MADE}`;
  await rm(halfMade, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  try {
    await make(halfMade);
    await rename(halfMade, path);
  } catch (error) {
    await rm(halfMade, { recursive: true, force: true });
    throw error;
  }
  return path;
}

/** No cluster is called so, whose lock lies beside it. */
export const cacheLock = (what: string): string => cachePath('locks', `${what}.cache`);

/**
 * Only one process at a time fills the cache: clones share it, and two builds of the same thing would only slow each other.
 *
 * @param what a part of the cache that nothing else is made of, and that may be filled beside the rest
 *
 * @throws HarnessError CACHE_BUSY where another build takes longer than 30 minutes
 */
export async function lockCache(say: Say, what = 'build'): Promise<Lock> {
  const take = () => Lock.take(cacheLock(what));
  const first = take();
  if (first instanceof Lock) return first;
  say.note(`waiting for another build that fills the same cache (${first.heldBy})`);
  return lockInTime(take, { every: 250, within: PATIENCE }, busy);
}

function busy(heldBy: string): HarnessError {
  return new HarnessError({
    code: 'CACHE_BUSY',
    blame: 'environment',
    doing: 'Waiting for another build that fills the same cache',
    seen: `it is still at work (${heldBy})`,
    afterMillis: PATIENCE,
    next: 'let it end, or stop it',
  });
}
