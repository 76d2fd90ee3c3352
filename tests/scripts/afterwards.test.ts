import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { HarnessError } from '../../mesh/errors.ts';
import { afterwards, conclude } from '../../scripts/afterwards.ts';
import { scratch } from '../fakes/scratch.ts';

const played = { passed: 3, failed: 1, skipped: 2, notReached: 4, exitCode: 1 };
const results = {
  suites: [
    {
      specs: [{ title: 'half', tests: [{ status: 'unexpected', results: [{ errors: [{ message: 'not split' }] }] }] }],
    },
  ],
  errors: [{ message: 'During this run: istiod was replaced' }],
};

test('the counts are written first, and as many have failed as are named', async () => {
  await using report = await scratch();
  await writeFile(report.at('results.json'), JSON.stringify(results));
  const there = vi.fn(() => existsSync(report.at('summary.json')));
  await conclude(report.path, played, [there]);
  expect(there).toHaveReturnedWith(true);
  expect(JSON.parse(await readFile(report.at('summary.json'), 'utf8'))).toEqual({
    passed: 3,
    failed: 2,
    skipped: 2,
    notReached: 4,
    red: [
      { test: 'the run as a whole', line: 'During this run: istiod was replaced' },
      { test: 'half', line: 'not split' },
    ],
  });
});

test('what fails after the verdict is told, and what follows has its turn', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const [next, plain] = [vi.fn(), new Error('Playwright listed nothing')];
  const ours = new HarnessError({ code: 'X', blame: 'usage', doing: 'Listing', seen: 'nothing', next: 'look' });
  await afterwards([() => Promise.reject(ours), () => Promise.reject(plain), next]);
  expect(next).toHaveBeenCalledOnce();
  expect(said.mock.calls).toEqual([[ours.message], [plain]]);
  said.mockRestore();
});
