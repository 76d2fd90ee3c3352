import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { played } from './played.ts';

/** So many inputs, at least, every matcher has to call wrong, each for a reason of its own. */
const ENOUGH = 3;

let failures: ReadonlyMap<string, string> = new Map();

beforeAll(async () => {
  failures = await played('sample');
}, 180_000);

const matchers = (await readdir(join(projectRoot, 'fixtures', 'matchers')))
  .filter((name) => name.startsWith('to'))
  .map((name) => name.replace('.ts', ''));

test.each(matchers)('%s holds where it should, and says what is wrong with what is wrong', (matcher) => {
  const own = [...failures].filter(([title]) => title.startsWith(`${matcher}: `));
  expect(own.filter(([, failure]) => failure !== '')).toEqual([]);
  const [good, wrong] = [own.filter(isGood), own.filter((one) => !isGood(one))];
  expect(good.length, 'inputs that are good').toBeGreaterThan(0);
  expect(wrong.length, 'inputs that are wrong').toBeGreaterThanOrEqual(ENOUGH);
});

function isGood([title]: readonly [string, string]): boolean {
  return /: good\b/.test(title);
}

test('every sample is about a matcher', () => {
  const strange = [...failures.keys()].filter((title) => !matchers.includes(title.replace(/: .*/, '')));
  expect(strange).toEqual(['a red verdict fails its test']);
});

test('a red verdict fails its test, with the cause in the first line', () => {
  expect(failures.get('a red verdict fails its test')?.split('\n')[0]).toBe(
    'caller to nodebook: 1 of 135 requests were not served by v4 [suspect: the rule or the mesh]',
  );
});
