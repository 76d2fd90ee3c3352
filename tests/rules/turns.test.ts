import { expect, test } from 'vitest';
import { turnsBy } from '../../mesh/rules/turns.ts';
import { startChild } from '../fakes/child.ts';
import { scratch } from '../fakes/scratch.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

test('two pieces of work never overlap, and both are done', async () => {
  await using folder = await scratch();
  const seen: string[] = [];
  const work = async (name: string) => {
    seen.push(`${name} begins`);
    await new Promise(setImmediate);
    seen.push(`${name} ends`);
    return name;
  };
  const [one, two] = [turnsBy(folder.at('lock')), turnsBy(folder.at('lock'))];
  expect(await Promise.all([one(() => work('one')), two(() => work('two'))])).toEqual(['one', 'two']);
  expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});

test('work that fails gives its turn back', async () => {
  await using folder = await scratch();
  const turns = turnsBy(folder.at('lock'));
  await expect(turns(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
  expect(await turns(() => Promise.resolve('next'))).toBe('next');
});

test('whoever waits too long is told who is at it', async () => {
  await using folder = await scratch();
  await using holder = await startChild('hold-lock', folder.at('lock'), '3600000');
  const waiting = turnsBy(folder.at('lock'), 1000, fakeClock())(() => Promise.resolve());
  await expect(waiting).rejects.toThrow(
    new RegExp(`one is still at it \\(process ${holder.pid ?? ''}, .*MESH_BUSY`, 's'),
  );
});
