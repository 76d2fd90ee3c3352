import { expect, test } from 'vitest';
import { follow, trendInWords } from '../../mesh/soak/figures.ts';
import { type Point, trendOf } from '../../mesh/soak/trend.ts';
import { entry, footprint } from './entries.ts';

/** The same noise in every run of this test, between -1 and 1. */
const noise = (run: number) => Math.sin(run * 12.9898) * Math.cos(run * 78.233);
const series = (length: number, value: (run: number) => number, cluster = 'one', from = 1): readonly Point[] =>
  Array.from({ length }, (_, index) => ({ run: from + index, cluster, value: value(from + index) }));

test('what stays is steady, also where it wavers', () => {
  expect(
    trendOf(
      series(30, () => 100),
      5,
    ).verdict,
  ).toBe('steady');
  expect(
    trendOf(
      series(30, (run) => 100 + noise(run)),
      30,
    ).verdict,
  ).toBe('steady');
  expect(
    trendOf(
      series(30, (run) => 100 - run),
      5,
    ).verdict,
  ).toBe('steady');
});

test('of what scatters more than is allowed nothing can be told', () => {
  const scattered = trendOf(
    series(30, (run) => 100 + 20 * noise(run)),
    5,
  );
  expect(scattered.verdict).toBe('unknown');
  expect(scattered.error).toBeGreaterThan(0);
});

test('what leaks is growing: one object in every second run, half a MiB in each', () => {
  const objects = trendOf(
    series(30, (run) => 400 + Math.floor(run / 2)),
    5,
  );
  expect(objects.verdict).toBe('growing');
  expect(objects.perHundred).toBeCloseTo(50, 0);
  expect(
    trendOf(
      series(30, (run) => 100 + run / 2 + 3 * noise(run)),
      30,
    ).verdict,
  ).toBe('growing');
});

test('less than the limit is no growth, however sure', () => {
  expect(
    trendOf(
      series(30, (run) => 100 + run / 10),
      30,
    ).verdict,
  ).toBe('steady');
});

test('what is made once, at the beginning, is no growth', () => {
  const once = series(30, (run) => (run < 10 ? 400 : 440));
  expect(trendOf(once, 5).verdict).toBe('steady');
  expect(
    trendOf(
      series(30, (run) => (run < 20 ? 400 : 440)),
      5,
    ).verdict,
  ).toBe('growing');
});

test('another cluster begins anew: its level is no growth, its growth is', () => {
  const two = (value: (run: number) => number) => [
    ...series(12, (run) => 100 + value(run), 'one'),
    ...series(12, (run) => 900 + value(run), 'two', 13),
  ];
  expect(trendOf(two(noise), 60).verdict).toBe('steady');
  expect(
    trendOf(
      two((run) => run + noise(run)),
      5,
    ).verdict,
  ).toBe('growing');
});

test('too few runs say nothing, and say so', () => {
  const few = trendOf(
    series(10, (run) => run * 100),
    5,
  );
  expect([few.verdict, few.judged]).toEqual(['unknown', 6]);
  expect(trendOf([], 5).verdict).toBe('unknown');
});

test('the figures of a ledger are judged each by its limit', () => {
  const entries = Array.from({ length: 20 }, (_, index) => entry(index + 1, { after: footprint(100 + index, 400) }));
  const lines = follow(entries).map(trendInWords);
  expect(lines).toContain(
    'memory in use by istiod: growing, +100.0 +-0.0 MiB in a hundred runs, 10 are allowed (13 runs judged)',
  );
  expect(lines).toContain(
    'objects in the cluster: steady, +0.0 +-0.0 in a hundred runs, 5 are allowed (13 runs judged)',
  );
  expect(lines).toContain('time of the list: not judged');
});

test('what is resident is judged from the twenty-first run on a cluster on', () => {
  const linesOf = (runs: number) =>
    follow(Array.from({ length: runs }, (_, index) => entry(index + 1, { after: footprint(100 + index, 400) }))).map(
      trendInWords,
    );
  expect(linesOf(27)).toContain('resident memory of istiod: unknown, 7 runs are too few');
  expect(linesOf(28)).toContain(
    'resident memory of istiod: growing, +100.0 +-0.0 MiB in a hundred runs, 30 are allowed (8 runs judged)',
  );
});

test('a run whose cluster could not be asked afterwards is left out', () => {
  const [objects] = follow([entry(1), entry(2), { ...entry(3), after: undefined }]);
  expect(objects?.points.map(({ run }) => run)).toEqual([1, 2]);
});
