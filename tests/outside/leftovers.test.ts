import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { removeOutsideServers } from '../../mesh/outside/leftovers.ts';
import { newRun, type Run } from '../../mesh/world/run.ts';
import { hearing } from '../fakes/hearing.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';
import { runBeside } from '../fakes/run-beside.ts';

const mine = newRun();
const other = runBeside('other');
const dead: Run = { ...mine, id: 'dead', pid: 2 ** 22 - 1 };

/** An engine in which these containers stand, by name and label; it notes what it is to remove. */
async function engine(containers: Readonly<Record<string, Run | undefined>>) {
  const folder = await scratch();
  const lines = Object.entries(containers).map(([id, run]) => `${id} ${run === undefined ? '' : JSON.stringify(run)}`);
  await program(folder, 'docker', [
    `[ "$1" = ps ] || { echo "$@" >> ${folder.at('removed')}; exit; }`,
    "cat <<'END'",
    ...lines,
    'END',
  ]);
  const path = firstOnPath(folder);
  const removed = () => readFile(folder.at('removed'), 'utf8').catch(() => '');
  const dispose = async () => {
    path[Symbol.dispose]();
    await folder[Symbol.asyncDispose]();
  };
  return { removed, [Symbol.asyncDispose]: dispose };
}

test('the servers of this run and of dead ones are removed, and nobody who is at work loses his', async () => {
  await using there = await engine({ a1: mine, b2: other, c3: dead, d4: undefined });
  const { say, notes } = hearing();
  expect(await removeOutsideServers(mine, say)).toEqual(['a1', 'c3', 'd4']);
  expect(await there.removed()).toBe('rm -f -v a1 c3 d4\n');
  expect(notes).toEqual([
    'removing the outside server of run dead, which died',
    'removing the outside server of run unknown, which died',
  ]);
});

test('where there is none, nothing is done', async () => {
  await using there = await engine({ b2: other });
  expect(await removeOutsideServers(mine, hearing().say)).toEqual([]);
  expect(await there.removed()).toBe('');
});
