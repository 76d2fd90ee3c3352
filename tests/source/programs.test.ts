import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachePath } from '../../mesh/paths.ts';
import { hasPrograms } from '../../mesh/source/packages/go.ts';

test('neither an add-on nor half a compilation is one', async () => {
  expect(await hasPrograms()).toBe(false);
  for (const [name, file] of [
    ['prometheus-0f', 'prometheus'],
    ['0f.half-made', 'sums.json'],
  ] as const) {
    await mkdir(cachePath('programs', name), { recursive: true });
    await writeFile(join(cachePath('programs', name), file), '');
    expect(await hasPrograms()).toBe(false);
  }
  await mkdir(cachePath('programs', '0f'), { recursive: true });
  await writeFile(join(cachePath('programs', '0f'), 'sums.json'), '{}');
  expect(await hasPrograms()).toBe(true);
});
