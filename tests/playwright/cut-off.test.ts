import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { remember } from '../../scripts/coverage-memory.ts';
import { listedIn } from '../../scripts/listed.ts';
import { summarize, wholeIn } from '../../scripts/results.ts';
import { scratch } from '../fakes/scratch.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What Playwright reports of a run that ends before all of its tests had their turn. */
async function cutOff() {
  await using folder = await scratch();
  const [table, results] = [folder.at('scenarios.md'), folder.at('results.json')];
  const config = {
    testDir: path('cut-off'),
    outputDir: folder.at('artifacts'),
    workers: 1,
    maxFailures: 1,
    reporter: [
      ['json', { outputFile: results }],
      [path('../../fixtures/reporters/scenario-table.ts'), { outputFile: table }],
    ],
  };
  await writeFile(folder.at('playwright.config.mjs'), `export default ${JSON.stringify(config)};`);
  const cli = path('../../node_modules/@playwright/test/cli.js');
  await execa(process.execPath, [cli, 'test', '-c', folder.path], { reject: false });
  return { table: await readFile(table, 'utf8'), json: JSON.parse(await readFile(results, 'utf8')) as unknown };
}

test('what a run did not reach is neither passed nor skipped, wherever it is counted', async () => {
  const { table, json } = await cutOff();
  expect(table.split('\n').flatMap((line) => /^\| (T\d\d) +\| (.*?) +\|/.exec(line)?.slice(1).join(' ') ?? [])).toEqual(
    ['T01 not reached', 'T02 skipped', 'T03 failed', 'T04 not reached'],
  );
  expect(table).toContain('\n1 tests passed, 1 failed, 1 skipped, 1 not reached in ');
  expect(table).toContain('Not reached, which is no verdict:\n- 1 x the run ended before its turn (T01, T04)\n');
  expect(table).toContain('Skipped:\n- 1 x no Chromium (T02)\n');
  expect(summarize(json)).toMatchObject({ passed: 1, failed: 1, skipped: 1, notReached: 1 });
  // That it stopped there is what it was told to do.
  expect(wholeIn(json).red).toEqual([{ test: 'T03 fails', line: 'Error: the rule never arrived' }]);
  expect(Object.values(remember({}, listedIn(json), 'today'))).toEqual([
    'passed (today)',
    'skipped: no Chromium (today)',
    'failed (today)',
  ]);
});
