import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { distributions, mayInstall } from '../../mesh/machine/apt.ts';
import { scratch } from '../fakes/scratch.ts';

test.each([
  ['NAME="Debian"\nID=debian\nVERSION_ID="12"\n', ['debian']],
  ['ID="linuxmint"\nID_LIKE="ubuntu debian"\n', ['linuxmint', 'ubuntu', 'debian']],
  ['VERSION_ID=3\n', []],
])('%j is of %j', async (text, told) => {
  await using folder = await scratch();
  await writeFile(folder.at('os-release'), text);
  expect(await distributions(folder.at('os-release'))).toEqual(told);
});

test('a machine without such a file is of none', async () => {
  await using folder = await scratch();
  expect(await distributions(folder.at('os-release'))).toEqual([]);
});

test('nobody but root installs packages', () => {
  expect(mayInstall(false)).toBe(false);
});
