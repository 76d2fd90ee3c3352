import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { HarnessError } from '../../errors.ts';
import { cachePath } from '../../paths.ts';
import { quiet } from '../../say.ts';
import { writeWhole } from '../../write-whole.ts';
import { lockCache } from '../store.ts';

const records = z.record(z.string(), z.string());

/**
 * Records the digest of something on its first use and holds later uses to it, so that a tag that is moved is noticed.
 *
 * @throws HarnessError DIGEST_CHANGED where it is not what it was
 */
export async function trust(what: string, digest: string, path = cachePath('digests.json')): Promise<void> {
  // Clones share the record, and each writes all of it.
  using _ = await lockCache(quiet, 'digests');
  const known = records.parse(JSON.parse(await readFile(path, 'utf8').catch(() => '{}')));
  const before = known[what];
  if (before === digest) return;
  if (before !== undefined) throw changed(what, before, digest, path);
  await writeWhole(path, JSON.stringify({ ...known, [what]: digest }, null, 2));
}

function changed(what: string, before: string, digest: string, path: string): HarnessError {
  return new HarnessError({
    code: 'DIGEST_CHANGED',
    blame: 'environment',
    doing: `Checking ${what}`,
    expected: `${before}, as recorded on its first use`,
    seen: digest,
    next: `find out why it changed; if the change is meant, remove its line from ${path}`,
  });
}
