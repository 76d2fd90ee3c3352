import { expect, test } from 'vitest';
import { isUnjudged } from '../../mesh/verdict/unjudged.ts';
import { scratch } from '../fakes/scratch.ts';
import { played } from './played.ts';

test('what only a mistake in the harness or a suite throws is told from a claim that does not hold', async () => {
  await using report = await scratch();
  const { 'traffic that nobody stops': running = '', ...others } = Object.fromEntries(
    await played('broken', report.path),
  );
  expect(others).toEqual({
    'mistakes of the harness or a suite': '',
    'a proxy without a pod': '',
    'a claim that does not hold, whatever it is about': '',
  });
  expect(running).toMatch(/^HarnessError: .*: it left running: caller to nodebook \[TRAFFIC_LEFT_RUNNING\]\n/);
  expect(isUnjudged(running)).toBe(true);
});
