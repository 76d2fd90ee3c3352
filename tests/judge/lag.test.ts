import { describe, expect, test } from 'vitest';
import { judgeLag, type Timed } from '../../mesh/judge/lag.ts';
import { served, type Outcome } from '../../mesh/judge/outcome.ts';
import { take } from '../../mesh/verdict/take.ts';
import { failed, from, tallyOf } from './samples.ts';

const taking = (outcome: Outcome, ...millis: readonly number[]): Timed => ({
  asked: millis.length,
  tally: [{ outcome, count: millis.length }],
  millis,
});
const byV3 = (outcome: Outcome) => served(outcome, 'v3');
const twin = taking(from('v4'), 5, 6, 9);

describe('lag', () => {
  test('the fastest request is compared with the fastest of the twin, the middle one with the middle one', () => {
    const verdict = judgeLag(taking(from('v3'), 3005, 3106, 3500), twin, 3000, byV3);
    expect(verdict).toMatchObject({ pass: true, lag: 3000, shortest: 3005, early: 0, atMost: 3300 });
    expect(verdict).toMatchObject({ middleLag: 3100, middleAtMost: 4500 });
  });

  test.each([
    ['one request was not held up', [3004, 3006, 7], 3000],
    ['held up for too short a time', [2004, 2006, 2010], 3000],
    ['held up for much longer', [4004, 4006, 4010], 3000],
    ['held up for half a second more', [1504, 1506, 1510], 1000],
    ['most of them held up for much longer', [3004, 4906, 4910], 3000],
    ['held up although nothing should', [604, 606, 610], 0],
  ])('%s', (_, millis, claimed) => {
    expect(judgeLag(taking(from('v3'), ...millis), twin, claimed, byV3).pass).toBe(false);
  });

  test('a delay of some shows in neither the fastest nor the middle one, and is told from a hiccup', () => {
    const some = (late: number) => taking(from('v4'), ...Array.from({ length: 40 }, (_, n) => (n < late ? 3005 : 5)));
    expect(judgeLag(some(4), twin, 0, () => true)).toMatchObject({ pass: true, late: 4 });
    expect(judgeLag(some(5), twin, 0, () => true)).toMatchObject({ pass: false, late: 5, middleLag: -1 });
  });

  test('where the twin hiccups as well, more than a tenth late is no verdict on the mesh', () => {
    const many = (late: number, by: number) =>
      Array.from({ length: 20 }, (_, n) => by + (n < late ? 3300 : 100 + 20 * n));
    const first = (twinLate: number, by: number) => {
      const { verdict } = take('toLagBehind', {
        ...{ question: 'page', seconds: 1, inForce: [], asked: 20, by, status: 200 },
        ...{ tally: tallyOf([20, from('v3')]), millis: many(7, by) },
        twin: { question: 'book', asked: 20, tally: tallyOf([20, from('v3')]), millis: many(twinLate, 0) },
      });
      return verdict.message.split('\n')[0];
    };
    expect(first(3, 2000)).toBe(
      'page: the machine was too busy to tell: 3 of 20 requests of the twin were held up, too [suspect: the environment]',
    );
    expect(first(2, 2000)).toBe(
      'page: 7 of 20 requests were held up by more than 3000 ms, and not 2000 ms [suspect: the rule or the mesh]',
    );
  });

  test('a twin of which some are held up, on a machine that is not busy, is none', () => {
    const some = (late: number) => taking(from('v4'), ...Array.from({ length: 40 }, (_, n) => (n < late ? 3005 : 5)));
    expect(judgeLag(some(14), some(21), 0, () => true)).toMatchObject({ pass: false, twinLate: 21, busy: false });
    expect(judgeLag(some(4), some(4), 0, () => true)).toMatchObject({ pass: true, twinLate: 4 });
  });

  test('a twin that is late nearly always, and by anything, tells of the machine; late by the same each time, of the mesh', () => {
    const first = (later: (n: number) => number) => {
      const millis = Array.from({ length: 20 }, (_, n) => (n < 1 ? 11 : later(n)));
      const { verdict } = take('toLagBehind', {
        ...{ question: 'page', seconds: 1, inForce: [], asked: 20, by: 0, status: 200, millis },
        ...{ tally: tallyOf([20, from('v3')]) },
        twin: { question: 'book', asked: 20, tally: tallyOf([20, from('v3')]), millis },
      });
      expect(verdict.pass).toBe(false);
      return verdict.message.split('\n')[0];
    };
    expect(first((n) => 1100 + 60 * n)).toBe(
      'page: the machine was too busy to tell: 19 of 20 requests of the twin were held up, too [suspect: the environment]',
    );
    expect(first((n) => 1400 + n)).toBe(
      'page: there is nothing to compare with: 19 of 20 requests of the twin were held up as well [suspect: the rule or the mesh]',
    );
  });

  test('a twin that was held up as well is none', () => {
    const held = taking(from('v4'), 3004, 3006, 3010);
    expect(judgeLag(taking(from('v3'), 3004, 3006, 3010), held, 3000, byV3).pass).toBe(false);
  });

  test('a machine that is busy now and then leaves more room, and half a second is told even then', () => {
    const restless = taking(from('v4'), 11, 606, 700);
    const late = (fastest: number) => judgeLag(taking(from('v3'), fastest, 1670, 1700), restless, 1000, byV3);
    expect(late(1400)).toMatchObject({ pass: true, atMost: 1450 });
    expect(late(1511).pass).toBe(false);
    // A fastest one that is no faster than the rest says nothing of the kind.
    expect(judgeLag(taking(from('v3'), 1400, 1410, 1420), twin, 1000, byV3)).toMatchObject({
      pass: false,
      atMost: 1250,
    });
  });

  test('a machine that is slow for both is not a lag', () => {
    const slow = taking(from('v4'), 900, 1000, 1100);
    expect(judgeLag(taking(from('v3'), 3900, 4000, 4100), slow, 3000, byV3).pass).toBe(true);
    expect(judgeLag(taking(from('v3'), 900, 1000, 1100), slow, 0, byV3).pass).toBe(true);
  });

  test('another answer, a lost one, a twin that failed, and no request at all are red', () => {
    const held = taking(from('v3'), 3004, 3006, 3010);
    expect(judgeLag(taking(from('v4'), 3004, 3006, 3010), twin, 3000, byV3).pass).toBe(false);
    expect(judgeLag({ ...held, asked: 4 }, twin, 3000, byV3).pass).toBe(false);
    expect(judgeLag(held, taking(failed(503), 5, 6, 9), 3000, byV3)).toMatchObject({ pass: false, twinFailed: 3 });
    expect(judgeLag(taking(from('v3')), taking(from('v4')), 0, byV3).pass).toBe(false);
  });
});
