import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { clearReport } from '../../scripts/report-folder.ts';
import { scratch } from '../fakes/scratch.ts';
import { filesOf } from '../fakes/script.ts';

const ofTheRun = [
  'artifacts/one/trace.zip',
  'coverage.md',
  'evidence/run.json',
  'excused.json',
  'html/index.html',
  'junit.xml',
  'results.json',
  'scenarios.md',
  'summary.json',
];
const ofOthers = [
  'bundle-20261121T041607.tar.gz',
  'faults/faults.md',
  'old/results.json',
  'selftest/html/index.html',
  'selftest/results.json',
  'soak/run-1/results.json',
  'tests.json',
  'verdicts.json',
];

test('all that a run left goes, and what others left stays, as does the memory of earlier runs', async () => {
  await using report = await scratch();
  for (const file of [...ofTheRun, ...ofOthers]) {
    await mkdir(dirname(report.at(file)), { recursive: true });
    await writeFile(report.at(file), '');
  }
  await clearReport(report.path);
  expect(await filesOf(report)).toEqual(ofOthers);
});

test('where there is no report yet there is nothing to clear', async () => {
  await using report = await scratch();
  await clearReport(report.at('none'));
  expect(await filesOf(report)).toEqual([]);
});
