import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { END_FILE, RUN_FILE } from '../../mesh/evidence/record.ts';
import { findEvidence, replay } from '../../mesh/evidence/replay.ts';
import { projectRoot } from '../../mesh/paths.ts';
import { scratch } from '../fakes/scratch.ts';
import { played } from './played.ts';

/** So many inputs, at least, every matcher has to call wrong, each for a reason of its own. */
const ENOUGH = 3;

let failures: ReadonlyMap<string, string> = new Map();
const report = await scratch();

beforeAll(async () => {
  failures = await played('sample', report.path);
});

afterAll(() => report[Symbol.asyncDispose]());

const matchers = (await readdir(join(projectRoot, 'fixtures', 'matchers')))
  .filter((name) => name.startsWith('to'))
  .map((name) => name.replace('.ts', ''));

test.each(matchers)('%s holds where it should, and says what is wrong with what is wrong', (matcher) => {
  const own = [...failures].filter(([title]) => title.startsWith(`${matcher}: `));
  expect(own.filter(([, failure]) => failure !== '')).toEqual([]);
  const [good, wrong] = [own.filter(([title]) => isGood(title)), own.filter(([title]) => !isGood(title))];
  expect(good.length, 'inputs that are good').toBeGreaterThan(0);
  expect(wrong.length, 'inputs that are wrong').toBeGreaterThanOrEqual(ENOUGH);
});

function isGood(title: string): boolean {
  return /: good\b/.test(title);
}

test('every sample is about a matcher', () => {
  const strange = [...failures.keys()].filter((title) => !matchers.includes(title.replace(/: .*/, '')));
  expect(strange).toEqual(['a red verdict fails its test']);
});

/** Of these no verdict is taken: the matcher was misused, the machine was too slow to see anything, or istioctl gave no answer to judge. */
const withoutVerdict = [
  'toAgreeOnVersion: by an istioctl that fails',
  'toBeOneTrace: misuse',
  'toDifferBy: against nothing',
  'toEject: of whom nobody knows',
  'toEject: with a fault for which DNS gave no name',
  'toFind: of nothing',
  'toHaveRejectedNothing: by an istioctl that fails',
  'toHaveRejectedNothing: without a proxy',
  'toOverflow: too soon over to be looked at',
  'toPassByProxy: through no door',
  'toPassThroughProxy: with a witness for whom DNS gave no name',
  'toServeOnly: misuse',
  'toSplitTraffic: misuse',
];

test('every verdict is kept, and is the same again from what was kept', () => {
  const again = replay(findEvidence(report.path));
  // These tests have neither a run around them nor its end.
  const others = again.filter(({ fate }) => fate !== 'agrees').map(({ file }) => file);
  expect(others).toEqual([RUN_FILE, END_FILE]);
  // The last of a test is what it is about.
  const verdicts = again.filter(({ record }) => record !== undefined);
  const kept = new Map(verdicts.map(({ record }) => [record?.test.replace(/^.*?: /, '') ?? '', record?.verdict.pass]));
  for (const [title, pass] of kept) expect({ title, pass }).toEqual({ title, pass: isGood(title) });
  expect([...failures.keys()].filter((title) => !kept.has(title)).toSorted()).toEqual(withoutVerdict);
});

test('a red verdict fails its test, with the cause in the first line', () => {
  expect(failures.get('a red verdict fails its test')?.split('\n')[0]).toBe(
    'caller to nodebook: 1 of 135 requests were not served by v4 [suspect: the rule or the mesh]',
  );
});
