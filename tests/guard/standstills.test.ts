import { expect, test } from 'vitest';
import { Standstills } from '../../mesh/guard/standstills.ts';
import { scratch } from '../fakes/scratch.ts';

const silence = 'the API server gave no answer for 12.0 s';

test('what one worker lived through, the one that takes its place hears of, as long as it matters', async () => {
  await using folder = await scratch();
  const file = folder.at('standstills.jsonl');
  new Standstills(file).hand([silence], 1_000);
  new Standstills(file).hand([silence, 'this process stood still for 6.0 s'], 2_000);
  const heir = new Standstills(file);
  expect(heir.since(500)).toEqual([silence, 'this process stood still for 6.0 s']);
  expect(heir.since(2_001)).toEqual([]);
});

test('a run in which nothing stood still has nothing to tell', async () => {
  await using folder = await scratch();
  const standstills = new Standstills(folder.at('standstills.jsonl'));
  standstills.hand([]);
  expect(standstills.since(0)).toEqual([]);
});
