import { expect, test } from 'vitest';
import { judgeSampled } from '../../mesh/judge/sampled.ts';

test.each([
  [0, 688, 0, true],
  [1, 688, 0, false],
  [688, 688, 100, true],
  [687, 688, 100, false],
  [793, 1586, 50, true],
  [696, 1586, 50, true],
  [695, 1586, 50, false],
  [1586, 1586, 50, false],
  [0, 0, 0, false],
])('%d traces of %d requests are %d %%: %s', (traces, requests, share, pass) => {
  expect(judgeSampled(traces, requests, share).pass).toBe(pass);
});
