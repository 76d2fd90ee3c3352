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
  expect(heir.since(500, 1_500)).toEqual([silence]);
});

test('a run in which nothing stood still has nothing to tell', async () => {
  await using folder = await scratch();
  const standstills = new Standstills(folder.at('standstills.jsonl'));
  standstills.hand([]);
  expect(standstills.since(0)).toEqual([]);
});

test('what nobody can date is of the time when the first of them saw it', async () => {
  await using folder = await scratch();
  const file = folder.at('standstills.jsonl');
  expect(new Standstills(file).firstSeen('coredns is gone', 1_000)).toBe(1_000);
  const heir = new Standstills(file);
  expect(heir.firstSeen('coredns is gone', 9_000)).toBe(1_000);
  expect(heir.firstSeen('istiod is gone', 9_000)).toBe(9_000);
  expect(heir.since(0)).toEqual([]);
});
