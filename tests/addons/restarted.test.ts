import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratch } from '../fakes/scratch.ts';
import { played } from '../playwright/played.ts';

let failures: ReadonlyMap<string, string> = new Map();

const report = await scratch();

beforeAll(async () => {
  failures = await played('../addons/restarted', report.path);
});

afterAll(() => report[Symbol.asyncDispose]());

const begunAnew =
  'HarnessError: Looking for Zipkin: it has begun anew meanwhile, and forgotten what was before (after 0.0 s) [ADD_ON_FAILED]';
const red = 'expect(received).toBe(expected) // Object.is equality';

// What a failure is told by is its first error.
test.each([
  ['nothing happens', ''],
  ['a red verdict', red],
  ['it begins anew', begunAnew],
  ['a red verdict when it begins anew', begunAnew],
  ['a red verdict when one begins anew that was not needed', red],
])('%s: %s', (title, line) => {
  expect(failures.get(title)?.split('\n')[0]).toBe(line);
});
