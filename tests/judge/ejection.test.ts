import { describe, expect, test } from 'vitest';
import { type Ejection, judgeEjection, type Look } from '../../mesh/judge/ejection.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { from, noEndpoint } from './samples.ts';

const failure = { version: 'v4', sentAt: 0, ejections: 7 };
const threeSeconds: Ejection = { for: 3000, check: 1000 };
const flowing: readonly Outcome[] = [from('v3'), from('v4')];

const tallied = (outcomes: readonly Outcome[]) => outcomes.map((outcome) => ({ outcome, count: 1 }));

type Moment = readonly [at: number, ejected: number, served: number];

/** Looks that take 10 ms; others serve ten requests between each and the next. */
function looksAt(...moments: readonly Moment[]): Look[] {
  const first = moments.findIndex(([, ejected]) => ejected > 0);
  return moments.map(([at, ejected, served], index) => ({
    from: at,
    to: at + 10,
    ejected,
    ejections: first >= 0 && index >= first ? 8 : 7,
    served,
    byOthers: 10 * index,
  }));
}

const away = (end: number, every = 500): readonly Moment[] =>
  Array.from({ length: Math.floor(end / every) }, (_, index) => [100 + index * every, 1, 5] as const);
const judge = (looks: readonly Look[], outcomes = flowing, ejection = threeSeconds) =>
  judgeEjection(looks, tallied(outcomes), failure, ejection);

describe('ejection', () => {
  test('counted once, nothing meanwhile, back in time', () => {
    const verdict = judge(looksAt([20, 0, 5], ...away(3500), [3600, 0, 5], [3700, 0, 9]));
    expect(verdict).toMatchObject({ pass: true, ejections: 1, watched: true, meanwhile: 30, intruders: 0, back: true });
    expect(verdict.atLeast).toBe(2990);
    expect(verdict.atMost).toBe(3610);
  });

  test('for a second its worker may not have heard of it', () => {
    const until = (told: number) =>
      away(3500).map(([at]) => [at, 1, at < told ? Math.round(at / 100) : Math.round(told / 100)] as const);
    const end = [3600, 0, 60] as const;
    expect(judge(looksAt(...until(1300), end))).toMatchObject({ pass: true, intruders: 0 });
    expect(judge(looksAt(...until(2300), end))).toMatchObject({ pass: false, intruders: 7 });
  });

  test.each<[string, readonly Moment[], readonly Outcome[]]>([
    ['nobody was ejected', [1, 2, 3].map((n) => [n * 1000, 0, n] as const), flowing],
    ['away too short', [...away(2000, 200), [2200, 0, 6]], flowing],
    ['away too long', [...away(6000), [6200, 0, 6]], flowing],
    ['away for 1 s too long', [...away(5000, 100), [5100, 0, 6]], flowing],
    ['it never came back', away(9000), flowing],
    ['it came back and served nothing', [...away(3500), [3600, 0, 5]], flowing],
    ['requests were lost', [...away(3500), [3600, 0, 6]], [...flowing, noEndpoint]],
    ['nobody asked', [...away(3500), [3600, 0, 6]], []],
    ['nobody looked often enough', [...away(3500, 1500), [3600, 0, 6]], flowing],
  ])('%s', (_, moments, outcomes) => {
    expect(judge(looksAt(...moments), outcomes).pass).toBe(false);
  });

  test('too few looks are told apart from what speaks against it', () => {
    expect(judge(looksAt(...away(3500, 1500), [3600, 0, 6]))).toMatchObject({ watched: false, ejections: 1 });
  });

  test('as late as the proxy answered it may let an instance come back, and no later', () => {
    const backAt = (at: number) => judge(looksAt(...away(4600, 100), [at, 0, 6], [at + 100, 0, 9]));
    expect(backAt(5200)).toMatchObject({ pass: true, atLeast: 4490, late: 610 });
    expect(backAt(4700)).toMatchObject({ pass: false, atLeast: 4490, late: 110 });
  });

  test('ejected twice is once too often', () => {
    const looks = looksAt(...away(3500), [3600, 0, 9]);
    const verdict = judgeEjection(looks, tallied(flowing), { ...failure, ejections: 6 }, threeSeconds);
    expect(verdict).toMatchObject({ pass: false, ejections: 2 });
  });

  test('0 says that nobody is ejected', () => {
    const never = { for: 0, check: 0 };
    expect(judge(looksAt([20, 0, 5], [500, 0, 6], [900, 0, 7]), flowing, never).pass).toBe(true);
    expect(judge(looksAt(...away(3500), [3600, 0, 6]), flowing, never).pass).toBe(false);
    expect(judge([], flowing, never).pass).toBe(false);
  });
});
