import { describe, expect, test } from 'vitest';
import { judgeHandOver, stretchesOf } from '../../mesh/judge/hand-over.ts';
import { type Outcome, served } from '../../mesh/judge/outcome.ts';
import { judgeOnly, leakSize } from '../../mesh/judge/serve-only.ts';
import { judgeSplit, splitSize } from '../../mesh/judge/split.ts';
import { tallyInWords } from '../../mesh/judge/words.ts';
import { failed, from, noEndpoint, reset, tallyOf } from './samples.ts';

describe('serve only', () => {
  test.each([
    [0.1, 66],
    [0.05, 135],
    [0.01, 688],
  ])('a leak of %d is found with %d requests', (leak, requests) => {
    expect(leakSize(leak)).toBe(requests);
    expect((1 - leak) ** requests).toBeLessThan(1e-3);
    expect((1 - leak) ** (requests - 1)).toBeGreaterThanOrEqual(1e-3);
  });

  const onlyV3 = (tally: ReturnType<typeof tallyOf>, asked: number) =>
    judgeOnly(tally, (outcome) => served(outcome, 'v3'), asked);

  test('all of it', () => {
    expect(onlyV3(tallyOf([688, from('v3')]), 688)).toEqual({ pass: true, requests: 688, others: 0 });
  });

  test.each([
    ['one other version', tallyOf([687, from('v3')], [1, from('v4')])],
    ['one that was not answered', tallyOf([687, from('v3')], [1, reset])],
    ['one that was lost on the way', tallyOf([687, from('v3')])],
    [
      'the right version with the wrong status',
      tallyOf([687, from('v3')], [1, { ...from('v3'), status: 500 } as const]),
    ],
  ])('%s makes it red', (_, tally) => {
    expect(onlyV3(tally, 688)).toMatchObject({ pass: false, others: 1 });
  });

  test('0 of 0 is red', () => {
    expect(onlyV3([], 0).pass).toBe(false);
  });
});

describe('split', () => {
  const half = { v1: 50, v2: 50 };

  test('half and half takes 1586 requests', () => {
    expect(splitSize(half, 10)).toBe(1586);
  });

  test.each([
    [793, 793, true],
    [696, 890, true],
    [695, 891, false],
    [952, 634, false],
  ])('%d to %d: %s', (v1, v2, pass) => {
    expect(judgeSplit(tallyOf([v1, from('v1')], [v2, from('v2')]), half, 1586).pass).toBe(pass);
  });

  test('one request without an answer makes it red, not smaller', () => {
    const verdict = judgeSplit(tallyOf([793, from('v1')], [792, from('v2')], [1, failed(503)]), half, 1586);
    expect(verdict).toMatchObject({ pass: false, off: [], strangers: 1 });
  });

  test('0 of 0 is red', () => {
    expect(judgeSplit([], half, 0).pass).toBe(false);
  });

  test.each([{ v1: 100 }, { v1: 60, v2: 60 }, {}])('%o is no split', (shares) => {
    expect(() => splitSize(shares, 10)).toThrow(/two or more branches that make 100 %/);
  });

  test('three branches share the chance of a false alarm', () => {
    const [branch] = judgeSplit(tallyOf([1, from('v1')]), { v1: 50, v2: 30, v3: 20 }, 1586).branches;
    expect(branch?.atLeast).toBeLessThan(696);
  });
});

describe('hand-over', () => {
  const steps = (...outcomes: readonly Outcome[]) =>
    stretchesOf(outcomes.map((outcome, index) => ({ atMillis: index * 10, outcome })));

  test('both serve for a while, then only the new one', () => {
    const verdict = judgeHandOver(steps(from('v3'), from('v3'), from('v4'), from('v3'), from('v4')), 'v3', 'v4');
    expect(verdict).toEqual({ pass: true, lost: [], before: 3, after: 2, overlapMillis: 10, inOrder: true });
  });

  test('a lost request is red', () => {
    expect(judgeHandOver(steps(from('v3'), noEndpoint, from('v4')), 'v3', 'v4').pass).toBe(false);
  });

  test.each([
    ['back again', [from('v3'), from('v4'), from('v3')]],
    ['the other way round', [from('v4'), from('v4'), from('v3')]],
    ['by a mix that was there from the beginning', [from('v4'), from('v3'), from('v4')]],
  ])('%s is no handing over', (_, outcomes) => {
    const verdict = judgeHandOver(steps(...outcomes), 'v3', 'v4');
    expect(verdict).toMatchObject({ pass: false, lost: [], inOrder: false });
  });

  test('traffic that saw no change proves nothing', () => {
    expect(judgeHandOver(steps(from('v4'), from('v4')), 'v3', 'v4').pass).toBe(false);
    expect(judgeHandOver([], 'v3', 'v4').pass).toBe(false);
  });
});

describe('in words', () => {
  test('most frequent first', () => {
    const tally = tallyOf([31, noEndpoint], [412, from('v1')], [2, reset], [1, failed(404)]);
    expect(tallyInWords(tally)).toBe(
      '412 x 200 from v1, 31 x 503 "no healthy upstream", 2 x connection reset, 1 x 404 without a version',
    );
  });

  test('outcomes that read the same are counted together', () => {
    const tally = tallyOf([1, from('v1')], [2, { ...from('v1'), server: 'istio-envoy' } as const]);
    expect(tallyInWords(tally)).toBe('3 x 200 from v1');
  });

  test('nothing is said to be nothing', () => {
    expect(tallyInWords([])).toBe('nothing at all');
  });
});
