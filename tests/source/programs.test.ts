import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cachePath } from '../../mesh/paths.ts';
import { quiet } from '../../mesh/say.ts';
import { clusterPrograms, hasPrograms, istioPrograms } from '../../mesh/source/packages/go.ts';

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

test('a release that has no module here is refused by name, before anything is compiled', async () => {
  const choice = { istio: '9.9.8', kubernetes: '9.9.9' };
  const refused = (what: string) => ({ code: 'NO_MODULE', message: expect.stringContaining(what) as string });
  await expect(istioPrograms(choice, 'no-go', quiet)).rejects.toMatchObject(refused('Compiling Istio 9.9.8: '));
  await expect(clusterPrograms(choice, 'no-go', quiet)).rejects.toMatchObject(refused('Compiling Kubernetes 9.9.9: '));
});
