import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { unmountBelow } from '../../mesh/source/packages/rootfs.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

test('what is mounted below a folder is unmounted, the last first, and nothing beside it', async () => {
  await using folder = await scratch();
  await program(folder, 'umount', [`echo "$*" >> ${folder.at('calls')}`]);
  using _ = firstOnPath(folder);
  const lines = ['/a/root', '/a/root/proc', '/a/root/sys', '/a/root/my\\040disk', '/a/root2/proc', '/proc'];
  await writeFile(folder.at('mounts'), lines.map((at) => `none ${at} proc rw 0 0\n`).join(''));
  await unmountBelow('/a/root', folder.at('mounts'));
  expect(await readFile(folder.at('calls'), 'utf8')).toBe('/a/root/my disk\n/a/root/sys\n/a/root/proc\n');
});
