import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type Step, whereTimeWent } from '../../fixtures/reporters/timeouts.ts';
import { wholeIn } from '../../scripts/results.ts';
import { scratch } from '../fakes/scratch.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const start = new Date(0);
const step = (title: string, at: number, duration: number, steps: readonly Step[] = [], category = 'expect'): Step => ({
  title,
  category,
  startTime: new Date(at),
  duration,
  steps,
});

test('where a test was when its time was over, and what took longest before', () => {
  const spent = (...steps: readonly Step[]) => whereTimeWent(steps, start, 60_000);
  const declared = step('Declare', 100, 200);
  const asked = step('Ask', 300, 41_000);
  expect(spent(declared, step('Expect', 47_700, -1))).toBe('in "Expect" for 12.3 s');
  expect(spent(declared, asked, step('Expect', 47_700, -1))).toBe('in "Expect" for 12.3 s; "Ask" took 41.0 s before');
  const inner = step('Outer', 10_000, -1, [step('Done', 10_000, 5), step('Inner', 20_000, -1)]);
  expect(spent(inner)).toBe('in "Outer > Inner" for 50.0 s');
  expect(spent(step('One', 50_000, -1), step('Other', 55_000, -1))).toBe('in "One" for 10.0 s and "Other" for 5.0 s');
  expect(spent(declared, asked)).toBe('"Ask" took 41.0 s before');
  expect(spent(declared, step('After Hooks', 60_000, -1, [], 'hook'))).toBe('');
});

test("Playwright's own word for it says so wherever it is told", async () => {
  await using folder = await scratch();
  const results = folder.at('results.json');
  const config = {
    testDir: path('slow'),
    outputDir: folder.at('artifacts'),
    reporter: [[path('../../fixtures/reporters/timeouts.ts')], ['list'], ['json', { outputFile: results }]],
  };
  await writeFile(folder.at('playwright.config.mjs'), `export default ${JSON.stringify(config)};`);
  const cli = path('../../node_modules/@playwright/test/cli.js');
  const { stdout } = await execa(process.execPath, [cli, 'test', '-c', folder.path], { reject: false });
  expect(stdout).toMatch(/ Test timeout of 700ms exceeded in "Outer > Inner" for 0\.\d s\n/);
  const { red } = wholeIn(JSON.parse(await readFile(results, 'utf8')));
  expect(red.map(({ line }) => line)).toEqual([
    expect.stringMatching(/^Test timeout of 700ms exceeded in "Outer > Inner" for 0\.\d s$/),
    'Test timeout of 700ms exceeded.',
    'Error: no',
  ]);
});
