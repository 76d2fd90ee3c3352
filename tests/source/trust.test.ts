import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { trust } from '../../mesh/source/registry/trust.ts';
import { scratch } from '../fakes/scratch.ts';

describe('trust', () => {
  test('the first use is recorded beside what is known, and the same digest is fine later', async () => {
    await using folder = await scratch();
    const path = folder.at('below', 'digests.json');
    await trust('node:24', 'sha256:aa', path);
    await trust('pilot:1.0.0', 'sha256:bb', path);
    await trust('node:24', 'sha256:aa', path);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ 'node:24': 'sha256:aa', 'pilot:1.0.0': 'sha256:bb' });
    expect(await readdir(folder.at('below'))).toEqual(['digests.json']);
  });

  test('a changed digest is refused each time: the record stays as it was', async () => {
    await using folder = await scratch();
    const path = folder.at('digests.json');
    await trust('node:24', 'sha256:aa', path);
    const changed = expect.objectContaining({
      code: 'DIGEST_CHANGED',
      message: [
        'Checking node:24: sha256:bb [DIGEST_CHANGED]',
        '  expected: sha256:aa, as recorded on its first use',
        `  what to do: find out why it changed; if the change is meant, remove its line from ${path}`,
      ].join('\n'),
    }) as Error;
    await expect(trust('node:24', 'sha256:bb', path)).rejects.toThrow(changed);
    await expect(trust('node:24', 'sha256:bb', path)).rejects.toThrow(changed);
  });
});
