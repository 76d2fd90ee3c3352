import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cleanCommit } from '../../scripts/checkout.ts';
import { scratch } from '../fakes/scratch.ts';

test('a checkout is its commit while nothing in it is changed', async () => {
  await using folder = await scratch();
  const git = (...args: readonly string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder.path });
  await expect(cleanCommit(folder.path)).rejects.toThrow(/^Looking which commit this is: .*\[NO_COMMIT\]/s);
  await git('init', '-q');
  await writeFile(folder.at('a'), '1');
  await git('add', 'a');
  await git('commit', '-q', '-m', 'one');
  expect(await cleanCommit(folder.path)).toMatch(/^[0-9a-f]{12}$/);
  await writeFile(folder.at('b'), '1');
  await expect(cleanCommit(folder.path)).rejects.toThrow('Looking which commit this is: ?? b [DIRTY_TREE]');
});
