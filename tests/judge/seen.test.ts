import { describe, expect, test } from 'vitest';
import { arrivalsOf } from '../../mesh/judge/arrivals.ts';
import { FAULT_BODY, judgeAbort } from '../../mesh/judge/abort.ts';
import { judgeMirror } from '../../mesh/judge/mirror.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { judgeTries, together, triesInWords } from '../../mesh/judge/seen.ts';
import { failed, from, noEndpoint } from './samples.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `run-${index + 1}`);
const seen = (times: number, which: readonly string[]) => new Map(which.map((id) => [id, times]));
/** What became of requests that were served, at the back end that has seen these. */
const served = (all: readonly string[], arrived: ReadonlyMap<string, number>) =>
  arrivalsOf(
    all.map((id) => ({ id, outcome: from('v3') })),
    arrived,
  );
const aborted = failed(500, FAULT_BODY);

describe('tries', () => {
  test('every request so often, and none that nobody sent', () => {
    expect(judgeTries(served(ids(3), seen(3, ids(3))), 3).pass).toBe(true);
    expect(judgeTries(served(ids(3), new Map()), 0).pass).toBe(true);
    expect(judgeTries(served(ids(3), seen(3, ids(4))), 3).pass).toBe(false);
    expect(judgeTries(served([], new Map()), 0).pass).toBe(false);
  });

  test('one that differs is named', () => {
    const { pass, histogram } = judgeTries(served(ids(3), new Map([...seen(3, ids(3)), ['run-2', 1]])), 3);
    expect(pass).toBe(false);
    expect(triesInWords(histogram)).toBe('1 once, 2 3 times');
  });

  test('back ends are counted together', () => {
    expect(together([seen(1, ids(2)), seen(2, ids(1))])).toEqual(
      new Map([
        ['run-1', 3],
        ['run-2', 1],
      ]),
    );
  });
});

describe('abort', () => {
  /** The first so many are aborted, the rest is served. */
  const sample = (stopped: number, asked: number, rest: Outcome = from('v4')) => {
    const endings = ids(asked).map((id, index) => ({ id, outcome: index < stopped ? aborted : rest }));
    const tally = [
      { outcome: aborted, count: stopped },
      { outcome: rest, count: asked - stopped },
    ].filter(({ count }) => count > 0);
    return { endings, tally, asked, passed: ids(asked).slice(stopped) };
  };
  const judge = (
    { endings, tally, asked, passed }: ReturnType<typeof sample>,
    share: number,
    arrived = seen(1, passed),
  ) => judgeAbort(arrivalsOf(endings, arrived), tally, asked, { share, status: 500 });

  test('all of them, and nobody saw one', () => {
    expect(judge(sample(135, 135), 100)).toMatchObject({ pass: true, atLeast: 135, atMost: 135 });
    expect(judge(sample(134, 135), 100).pass).toBe(false);
  });

  test('half of them, by exact bounds', () => {
    expect(judge(sample(800, 1586), 50)).toMatchObject({ pass: true, atLeast: 696, atMost: 890 });
    expect(judge(sample(952, 1586), 50).pass).toBe(false);
    // One in sixteen: what three retries would leave of a half.
    expect(judge(sample(99, 1586), 50).pass).toBe(false);
  });

  test('an abort that arrived, a request that went astray or came twice, a stranger', () => {
    const half = sample(800, 1586);
    expect(judge(half, 50, seen(1, ids(1586)))).toMatchObject({ pass: false, leaked: 800 });
    expect(judge(half, 50, seen(2, half.passed))).toMatchObject({ pass: false, astray: 786 });
    expect(judge(half, 50, seen(1, half.passed.slice(1)))).toMatchObject({ pass: false, astray: 1 });
    expect(judge(half, 50, seen(1, [...half.passed, 'run-9999']))).toMatchObject({ pass: false, strangers: 1 });
  });

  test('a 500 of the back end is no abort', () => {
    const { endings, tally, asked } = sample(0, 135, failed(500, 'v3 answers 500'));
    const verdict = judgeAbort(arrivalsOf(endings, seen(1, ids(135))), tally, asked, { share: 100, status: 500 });
    expect(verdict).toMatchObject({ pass: false, aborted: 0 });
    expect(verdict.others).toHaveLength(1);
    expect(judge(sample(800, 1586, noEndpoint), 50).pass).toBe(false);
  });
});

describe('mirror', () => {
  test('every one of them, once', () => {
    expect(judgeMirror(served(ids(100), seen(1, ids(100))), 100).pass).toBe(true);
    expect(judgeMirror(served(ids(100), seen(1, ids(99))), 100)).toMatchObject({ pass: false, copied: 99 });
    expect(judgeMirror(served(ids(100), seen(2, ids(100))), 100)).toMatchObject({ pass: false, repeated: 100 });
    expect(judgeMirror(served(ids(100), seen(1, ids(101))), 100)).toMatchObject({ pass: false, strangers: 1 });
  });

  test('none of them', () => {
    expect(judgeMirror(served(ids(100), new Map()), 0).pass).toBe(true);
    expect(judgeMirror(served(ids(100), seen(1, ids(1))), 0).pass).toBe(false);
    expect(judgeMirror(served([], new Map()), 0).pass).toBe(false);
  });

  test('a share of them, by exact bounds', () => {
    expect(judgeMirror(served(ids(1186), seen(1, ids(237))), 20).pass).toBe(true);
    expect(judgeMirror(served(ids(1186), seen(1, ids(356))), 20).pass).toBe(false);
    expect(judgeMirror(served(ids(1186), seen(1, ids(118))), 20).pass).toBe(false);
  });
});
