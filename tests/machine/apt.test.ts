import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { distributions, install, isHalfInstalled, mayInstall } from '../../mesh/machine/apt.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

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

test('what is half installed is mended first, and nothing is interrupted that has no download left', async () => {
  await using folder = await scratch();
  for (const name of ['apt-get', 'dpkg']) await program(folder, name, [`echo "${name} $*" >> ${folder.at('calls')}`]);
  using _ = firstOnPath(folder);
  await install(['jq'], 'Installing jq');
  const apt = 'apt-get -q -o DPkg::Lock::Timeout=120';
  expect((await readFile(folder.at('calls'), 'utf8')).trimEnd().split('\n')).toEqual([
    `${apt} update`,
    'dpkg --configure -a',
    `${apt} install -y --no-install-recommends jq --download-only`,
    `${apt} install -y --no-install-recommends jq`,
  ]);
});

test.each([
  ['ii ', false],
  ['iU ', true],
  ['iF ', true],
  ['rc ', false],
])('a package of state %j is half installed: %s', async (state, half) => {
  await using folder = await scratch();
  await program(folder, 'dpkg-query', [`printf '%s' '${state}'`]);
  using _ = firstOnPath(folder);
  expect(await isHalfInstalled('docker.io')).toBe(half);
});
