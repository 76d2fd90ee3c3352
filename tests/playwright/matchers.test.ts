import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../mesh/paths.ts';

const sample = fileURLToPath(new URL('sample', import.meta.url));
const cli = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url));
const result = z.object({ status: z.string(), error: z.object({ message: z.string() }).optional() });
const spec = z.object({ title: z.string(), tests: z.array(z.object({ results: z.array(result) })) });
const report = z.object({ suites: z.array(z.object({ specs: z.array(spec) })) });

/** So many inputs, at least, every matcher has to call wrong, each for a reason of its own. */
const ENOUGH = 3;

/** What came of each test of the sample suite: '' where it passed. */
const failures = new Map<string, string>();

beforeAll(async () => {
  const printed = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [cli, 'test', '-c', sample, '--reporter', 'json', '--workers', '4', '--fully-parallel'],
      { maxBuffer: 1e7 },
      (_error, stdout) => {
        resolve(stdout);
      },
    );
  });
  for (const { title, tests } of report.parse(JSON.parse(printed)).suites.flatMap(({ specs }) => specs)) {
    const [outcome] = tests[0]?.results ?? [];
    const said = outcome?.error?.message ?? (outcome?.status === 'passed' ? '' : 'it was not run');
    failures.set(title, stripVTControlCharacters(said).replace(/^Error: /, ''));
  }
}, 180_000);

const matchers = (await readdir(join(projectRoot, 'fixtures', 'matchers')))
  .filter((name) => name.startsWith('to'))
  .map((name) => name.replace('.ts', ''));

test.each(matchers)('%s holds where it should, and is wrong about nothing', (matcher) => {
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
