import { describe, expect, test } from 'vitest';
import { believed, bounds, FALSE_ALARM, MISS, sampleSize } from '../../mesh/judge/binomial.ts';

/** The textbook sum, slow and independent of the library: the chance of fewer than `hits` among `n` draws. */
function below(hits: number, n: number, p: number): number {
  let sum = 0;
  // In logarithms: 0.2 to the power of 500 is no number a machine knows.
  let term = n * Math.log(1 - p);
  for (let k = 0; k < hits; k += 1) {
    sum += Math.exp(term);
    term += Math.log(((n - k) / (k + 1)) * (p / (1 - p)));
  }
  return sum;
}

describe('bounds', () => {
  test.each([
    [0.5, 100, 26, 74],
    [0.5, 1580, 693, 887],
    [0.5, 1586, 696, 890],
    [0.8, 1200, 890, 1025],
  ])('a share of %d among %d draws is believed from %d to %d', (share, requests, atLeast, atMost) => {
    expect(bounds(share, requests)).toEqual({ atLeast, atMost });
  });

  test.each([
    [0.5, 400],
    [0.8, 500],
    [0.1, 300],
  ])('%d of %d: one step further in would alarm too often', (share, requests) => {
    const { atLeast, atMost } = bounds(share, requests);
    expect(below(atLeast, requests, share)).toBeLessThanOrEqual(FALSE_ALARM / 2);
    expect(below(atLeast + 1, requests, share)).toBeGreaterThan(FALSE_ALARM / 2);
    const tail = (from: number) => below(requests - from + 1, requests, 1 - share);
    expect(tail(atMost + 1)).toBeLessThanOrEqual(FALSE_ALARM / 2);
    expect(tail(atMost)).toBeGreaterThan(FALSE_ALARM / 2);
  });

  test('few draws believe everything rather than nothing', () => {
    expect(bounds(0.5, 5)).toEqual({ atLeast: 0, atMost: 5 });
  });
});

describe('sample size', () => {
  test.each([
    [0.5, 0.1, 1586],
    [0.8, 0.1, 1186],
  ])('%d against %d beside it', (share, shift, requests) => {
    expect(sampleSize(share, shift)).toBe(requests);
  });

  test('the search may begin late: no smaller size would have done', () => {
    const holds = (n: number) => Math.max(...[0.3, 0.7].map((actual) => believed(bounds(0.5, n), n, actual))) < MISS;
    const found = sampleSize(0.5, 0.2);
    const streakAt = (n: number) => Array.from({ length: 25 }, (_, i) => n + i).every(holds);
    const first = Array.from({ length: found }, (_, i) => i + 1).find(streakAt);
    expect(found).toBe(first);
  });

  test('a smaller shift costs more', () => {
    expect(sampleSize(0.8, 0.05)).toBeGreaterThan(3 * sampleSize(0.8, 0.1));
  });

  test('a size is remembered', () => {
    sampleSize(0.5, 0.1);
    const start = performance.now();
    sampleSize(0.5, 0.1);
    expect(performance.now() - start).toBeLessThan(5);
  });

  test.each([
    [0, 0.1],
    [1, 0.1],
    [0.5, 0],
    [Number.NaN, 0.1],
  ])('a share of %d with a shift of %d is no question', (share, shift) => {
    expect(() => sampleSize(share, shift)).toThrow(RangeError);
  });
});

test('a right mesh is believed and a shifted one is not', () => {
  const region = bounds(0.5, 1586);
  expect(believed(region, 1586, 0.5)).toBeGreaterThan(1 - FALSE_ALARM);
  expect(believed(region, 1586, 0.6)).toBeLessThan(MISS);
  expect(believed(region, 1586, 0.4)).toBeLessThan(MISS);
});
