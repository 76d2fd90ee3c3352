import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { scratch } from '../fakes/scratch.ts';
import { type Summary, writeSummary } from '../../scripts/summary.ts';

const green: Summary = { passed: 40, skipped: 0, red: [] };
const nothing = 'what it printed says why';

async function count(files: Readonly<Record<string, Summary>>, codes: readonly string[]) {
  const folder = await scratch();
  for (const [name, summary] of Object.entries(files)) await writeSummary(folder.at(name), summary);
  const args = [join(projectRoot, '.ci/count.mjs'), folder.path, ...codes];
  const { stdout, exitCode } = await execa(process.execPath, args, { reject: false });
  return { lines: stdout.split('\n'), exitCode };
}

describe("the last lines of CI's run", () => {
  test('green parts are added up', async () => {
    const seen = await count({ 'tests.json': green, 'summary.json': { ...green, skipped: 2 } }, ['0', '0', '0']);
    expect(seen).toEqual({ lines: ['80 passed, 0 failed, 2 skipped'], exitCode: 0 });
  });

  test('what was red is said again, by its first line', async () => {
    const red = { ...green, red: [{ test: 'T05 half and half', line: 'Error: 60 of 100' }] };
    const seen = await count({ 'tests.json': green, 'summary.json': red }, ['0', '1', '0']);
    expect(seen).toEqual({
      lines: ['failed: T05 half and half: Error: 60 of 100', '80 passed, 1 failed'],
      exitCode: 1,
    });
  });

  test('a part that broke before it could count is one failure, by the name of its command', async () => {
    const seen = await count({ 'tests.json': green }, ['0', '3', '2']);
    expect(seen.lines).toEqual([
      `failed: npm run e2e ended with 3; ${nothing}`,
      `failed: npm run down ended with 2; ${nothing}`,
      '40 passed, 2 failed',
    ]);
    expect(seen.exitCode).toBe(3);
  });

  test.each([
    [['0', '3', '0'], 3],
    [['1', '3', '0'], 1],
    [['0', '3', '1'], 1],
    [['130', '130', '0'], 130],
  ])('parts that end with %j make it %i', async (codes, exitCode) => {
    const failure = { ...green, red: [{ test: 'T05 half and half', line: 'Error: 60 of 100' }] };
    expect((await count({ 'tests.json': green, 'summary.json': failure }, codes)).exitCode).toBe(exitCode);
  });

  test('a failure that was counted is red, also where its part ended well', async () => {
    const red = { ...green, red: [{ test: 'T05 half and half', line: 'Error: 60 of 100' }] };
    expect((await count({ 'tests.json': green, 'summary.json': red }, ['0', '0', '0'])).exitCode).toBe(1);
  });

  test('who counted nothing at all has passed nothing', async () => {
    expect((await count({}, ['0', '0', '0'])).exitCode).toBe(1);
  });
});
