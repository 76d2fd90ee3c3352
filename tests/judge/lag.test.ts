import { describe, expect, test } from 'vitest';
import { judgeLag, type Timed } from '../../mesh/judge/lag.ts';
import { type Outcome, served, type Tally } from '../../mesh/judge/outcome.ts';
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

  const firstLine = (input: {
    readonly by: number;
    readonly millis: readonly number[];
    readonly twin: readonly number[];
    readonly behind?: number;
    readonly tally?: Tally;
    readonly version?: string;
    readonly asksAgain?: number;
    readonly programs?: number;
  }) => {
    const { by, millis, twin: times, behind = 0, version, asksAgain, programs } = input;
    const served = tallyOf([millis.length, from('v3')]);
    const { verdict } = take('toLagBehind', {
      ...{ question: 'page', seconds: 1, inForce: [], asked: millis.length, by, status: 200, millis },
      ...(version === undefined ? {} : { version }),
      ...(asksAgain === undefined ? {} : { asksAgain }),
      ...(programs === undefined ? {} : { programs }),
      tally: input.tally ?? served,
      twin: {
        question: 'book',
        asked: times.length,
        tally: tallyOf([times.length, from('v3')]),
        millis: times,
        behind,
      },
    });
    expect(verdict.pass).toBe(false);
    return verdict.message.split('\n')[0];
  };
  /** 20 requests, of which some are held up by as much. */
  const twenty = (late: number, by: number, held = 3200) =>
    Array.from({ length: 20 }, (_, n) => by + 20 * n + (n < late ? held : 100));

  test('where the twin hiccups as well, more than a tenth late is no verdict on the mesh', () => {
    expect(firstLine({ by: 2000, millis: twenty(7, 2000), twin: twenty(3, 0) })).toBe(
      'page: the machine was too busy to tell: 3 of 20 requests of the twin were held up, too [suspect: the environment]',
    );
    expect(firstLine({ by: 2000, millis: twenty(7, 2000), twin: twenty(2, 0, 1500) })).toBe(
      'page: 7 of 20 requests were held up by more than 3000 ms, and not 2000 ms [suspect: the rule or the mesh]',
    );
  });

  describe('a machine that stands still', () => {
    const quick = Array.from({ length: 39 }, () => 5);
    /** Sent over a second, and none of them answered before it was over. */
    const late = (by: number, standstill = 1400) => Array.from({ length: 40 }, (_, n) => by + standstill - 25 * n);
    const stood = (millis: number) =>
      `page: the machine was too busy to tell: it stood still for ${millis} ms, as the twin shows [suspect: the environment]`;

    test('explains that even the fastest is late, by no more than that', () => {
      expect(firstLine({ by: 3000, millis: late(3000), twin: [...quick, 1405] })).toBe(stood(1400));
      expect(firstLine({ by: 3000, millis: late(3000), twin: [5, ...quick], behind: 1400 })).toBe(stood(1400));
      expect(firstLine({ by: 3000, millis: late(3000), twin: [...quick, 1055] })).toBe(
        'page: even the fastest 3420 ms later than its twin, and not 3000 ms [suspect: the rule or the mesh]',
      );
    });

    test('holds up all of them only where it takes longer than they were sent', () => {
      const half = [...quick, 1000].map(() => 1505);
      expect(firstLine({ by: 1000, millis: half, twin: [...quick, 805] })).toBe(
        'page: even the fastest 1500 ms later than its twin, and not 1000 ms [suspect: the rule or the mesh]',
      );
    });

    test('is one whether the fastest was a little faster or slower than the twin where nothing is held up', () => {
      const stretch = [...quick.slice(0, 30), ...Array.from({ length: 10 }, () => 1305)];
      for (const fastest of [4.8, 5.2]) {
        const millis = [...quick.slice(0, 28).map(() => fastest), ...Array.from({ length: 12 }, () => 1305)];
        expect(firstLine({ by: 0, millis, twin: stretch })).toBe(stood(1300));
      }
    });

    test('explains that a few lost to a time limit, and not that all of them came early', () => {
      const some = tallyOf([39, from('v3')], [1, failed(504, 'upstream request timeout')]);
      const millis = [...late(2000, 1000).slice(1), 3000];
      expect(firstLine({ by: 2000, millis, tally: some, twin: [...quick, 1005] })).toBe(stood(1000));
      const elsewhere = tallyOf([39, from('v3')], [1, from('v4')]);
      expect(firstLine({ by: 2000, millis, tally: elsewhere, twin: [...quick, 1005], version: 'v3' })).toBe(
        'page: 1 of 40 requests did not come to 200 from v3 [suspect: the rule or the mesh]',
      );
      const most = tallyOf([19, from('v3')], [21, failed(504, 'upstream request timeout')]);
      expect(firstLine({ by: 2000, millis, tally: most, twin: [...quick, 1005] })).toBe(
        'page: 21 of 40 requests did not come to 200 [suspect: the rule or the mesh]',
      );
      expect(firstLine({ by: 2000, millis, tally: some, twin: [...quick, 405] })).toBe(
        'page: 1 of 40 requests did not come to 200 [suspect: the rule or the mesh]',
      );
      const all = tallyOf([40, failed(504, 'upstream request timeout')]);
      expect(
        firstLine({ by: 2000, millis: [...quick, 1000].map(() => 1000), tally: all, twin: [...quick, 1005] }),
      ).toBe('page: 40 of 40 requests did not come to 200 [suspect: the rule or the mesh]');
    });

    test('may hold up many of the twin, one after the other; what holds up as many here and there is no standstill', () => {
      const millis = late(3000, 1900);
      const stretch = [...quick.slice(0, 30), ...Array.from({ length: 10 }, () => 1905)];
      expect(firstLine({ by: 3000, millis, twin: stretch })).toBe(stood(1900));
      const scattered = stretch.map((_, n) => (n % 4 === 0 ? 1905 : 5));
      expect(firstLine({ by: 3000, millis, twin: scattered })).toBe(
        'page: there is nothing to compare with: 10 of 40 requests of the twin were held up as well [suspect: the rule or the mesh]',
      );
    });
  });

  describe('a way of four programs, where the twin takes one', () => {
    const twin = [...Array.from({ length: 6 }, (_, n) => 450 - 50 * n), ...Array.from({ length: 14 }, () => 6)];
    const millis = Array.from({ length: 20 }, (_, n) => 3400 - 70 * n);
    const late = (count: number) =>
      `page: ${count} of 20 requests were held up by more than 3000 ms, and not 2000 ms [suspect: the rule or the mesh]`;

    test('is held up four times as long by a busy machine', () => {
      expect(firstLine({ by: 2000, millis, twin, programs: 4 })).toBe(
        'page: the machine was too busy to tell: it stood still for 444 ms, as the twin shows, and the way is 4 programs long [suspect: the environment]',
      );
      expect(firstLine({ by: 2000, millis, twin })).toBe(late(6));
    });

    test('and not longer, nor where the twin is quick', () => {
      expect(firstLine({ by: 2000, millis: millis.with(3, 4050), twin, programs: 4 })).toBe(late(6));
      expect(firstLine({ by: 2000, millis, twin: twin.map(() => 6), programs: 4 })).toBe(late(6));
      expect(firstLine({ by: 2000, millis: millis.map((time) => time + 400), twin, programs: 4 })).toBe(
        'page: even the fastest 2464 ms later than its twin, and not 2000 ms [suspect: the rule or the mesh]',
      );
    });
  });

  describe('an app on the way that gives up after 3 s and asks once more', () => {
    // Of a run beside which another cluster was made.
    const twin = [42, 13, 71, 24, 23, 11, 20, 10, 50, 41, 49, 21, 8, 6, 1352, 962, 1061, 1062, 836, 491];
    const [soon, later] = [
      [2098, 2154, 3364, 3313],
      [3088, 3040, 2977, 2940, 2890, 2934, 2790, 2815, 2769, 2737, 2690],
    ];
    const twice = [5452, 5405, 5356, 5307, 5258];
    const sample = { by: 2000, millis: [...soon, ...twice, ...later], twin, asksAgain: 3000 };
    const late = 'there is nothing to compare with: 3 of 20 requests of the twin were held up as well';

    test('is brought to that by a machine that stands still for as long as the limit leaves room', () => {
      expect(firstLine(sample)).toBe(
        'page: the machine was too busy to tell: it stood still for 1346 ms, as the twin shows [suspect: the environment]',
      );
    });

    test.each([
      ['no app asks again', { by: 2000, millis: sample.millis, twin }, late],
      ['none asks again so early', { ...sample, asksAgain: 3800 }, late],
      ['it asked more than once more', { ...sample, millis: [8452, ...sample.millis.slice(1)] }, late],
      [
        'most were late by so much',
        { ...sample, millis: [...soon, ...twice, ...twice, 5210, ...later.slice(-5)] },
        late,
      ],
      ['one was late by less than a second try', { ...sample, millis: sample.millis.with(6, 4700) }, late],
      ['others stand between them', { ...sample, millis: sample.millis.with(6, 3200) }, late],
      ['it was held up here and there', { ...sample, twin: twin.with(15, 20) }, late],
    ])('and not where %s', (_, input, claim) => {
      expect(firstLine(input)).toBe(`page: ${claim} [suspect: the rule or the mesh]`);
    });
  });

  test('a twin of which some are held up, on a machine that is not busy, is none', () => {
    const some = (late: number) => taking(from('v4'), ...Array.from({ length: 40 }, (_, n) => (n < late ? 3005 : 5)));
    expect(judgeLag(some(14), some(21), 0, () => true)).toMatchObject({ pass: false, twinLate: 21, busy: false });
    expect(judgeLag(some(4), some(4), 0, () => true)).toMatchObject({ pass: true, twinLate: 4 });
  });

  test('a twin that is late nearly always, and by anything, tells of the machine; late by the same each time, of the mesh', () => {
    const first = (later: (n: number) => number) => {
      const millis = Array.from({ length: 20 }, (_, n) => (n < 1 ? 11 : later(n)));
      return firstLine({ by: 0, millis, twin: millis });
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
