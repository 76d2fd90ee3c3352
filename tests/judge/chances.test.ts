import { describe, expect, test } from 'vitest';
import { FAULT_BODY } from '../../mesh/judge/abort.ts';
import { type Bounds, sampleSize } from '../../mesh/judge/binomial.ts';
import { anyFalseAlarm, atMostPerMillion, perMillion } from '../../mesh/judge/chances.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { leakSize } from '../../mesh/judge/serve-only.ts';
import { judgeSplit, splitSize } from '../../mesh/judge/split.ts';
import type { InputOf, JudgeName } from '../../mesh/verdict/registry.ts';
import { take } from '../../mesh/verdict/take.ts';
import { failed, from, tallyOf } from './samples.ts';
import { countsAmong, DRAWS, seeded, simulated, simulatedOf } from './simulated.ts';

const whole = { question: 'caller to kubia', seconds: 1, inForce: [] };
const arrivedOnce = (outcome: Outcome, requests: number, times: number) => ({ outcome, times, requests, first: 'a' });

const aborted = failed(500, FAULT_BODY);

function split(share: number, shift: number) {
  const shares = { v1: share, v2: 100 - share };
  const asked = splitSize(shares, shift);
  const input = (hits: number): InputOf<'toSplitTraffic'> => ({
    ...whole,
    asked,
    tally: tallyOf([hits, from('v1')], [asked - hits, from('v2')]),
    shares,
    tellApart: shift,
  });
  return { name: 'toSplitTraffic' as const, share, shift, asked, input };
}

function abort(share: number, shift: number) {
  const asked = sampleSize(share / 100, shift / 100);
  const input = (hits: number): InputOf<'toBeAborted'> => ({
    ...whole,
    asked,
    tally: tallyOf([hits, aborted], [asked - hits, from('v4')]),
    status: 500,
    share,
    tellApart: shift,
    arrivals: { each: [arrivedOnce(aborted, hits, 0), arrivedOnce(from('v4'), asked - hits, 1)], strangers: 0 },
    where: 'nodebook v4',
    proxy: 'the proxy',
    lines: [
      { status: 500, flags: ['FI'], count: hits },
      { status: 200, flags: [], count: asked - hits },
    ],
  });
  return { name: 'toBeAborted' as const, share, shift, asked, input };
}

function mirror(share: number, shift: number) {
  const asked = sampleSize(share / 100, shift / 100);
  const input = (hits: number): InputOf<'toBeMirrored'> => ({
    ...whole,
    asked,
    tally: tallyOf([asked, from('v3')]),
    version: 'v3',
    share,
    tellApart: shift,
    from: 'nodebook v3',
    originals: { each: [arrivedOnce(from('v3'), asked, 1)], strangers: 0 },
    to: 'nodebook v4',
    copies: { each: [arrivedOnce(from('v3'), hits, 1), arrivedOnce(from('v3'), asked - hits, 0)], strangers: 0 },
  });
  return { name: 'toBeMirrored' as const, share, shift, asked, input };
}

function traced(share: number, shift: number) {
  const asked = sampleSize(share / 100, shift / 100);
  const input = (hits: number): InputOf<'toBeSampled'> => ({
    ...whole,
    asked,
    tally: tallyOf([asked, from('v3')]),
    share,
    tellApart: shift,
    traces: hits,
    backEnd: 'Zipkin',
    at: 'ingress.w0',
    agent: 'istio-e2e/a',
  });
  return { name: 'toBeSampled' as const, share, shift, asked, input };
}

const taken = (name: JudgeName, input: unknown) => take(name, input as never);

describe.each([split(50, 10), split(80, 10), abort(50, 10), mirror(20, 10), traced(50, 10)])(
  '$name of $share % and $asked requests, by simulation',
  ({ name, share, shift, asked, input }) => {
    const pass = (hits: number) => taken(name, input(hits)).verdict.pass;
    const stated = taken(name, input(Math.round((asked * share) / 100))).chances;
    const edges = () => {
      const believed = Array.from({ length: asked + 1 }, (_, hits) => hits).filter(pass);
      return [believed[0] ?? 0, believed.at(-1) ?? 0].map((hits) => hits / asked);
    };
    const [low = 0, high = 0] = edges();

    test('a right mesh is called wrong as often as is stated', () => {
      const { chance, error } = simulated(asked, share / 100, [low, high], (hits) => !pass(hits));
      expect(error).toBeLessThan(0.05 * chance);
      expect(Math.abs(chance - (stated?.falseAlarm ?? 0))).toBeLessThan(4 * error);
      expect(stated?.falseAlarm).toBeLessThan(1e-6);
    });

    test.each([
      ['less', -1, low],
      ['more', 1, high],
    ] as const)('a mesh that is off by the shift, %s, is called right as often as is stated', (side, sign, edge) => {
      const { chance, error } = simulated(asked, (share + sign * shift) / 100, [edge], pass);
      const miss = stated?.misses.find(({ off }) => off.endsWith(side))?.chance ?? 0;
      expect(error).toBeLessThan(0.05 * chance);
      expect(Math.abs(chance - miss)).toBeLessThan(4 * error);
      expect(miss).toBeLessThan(1e-3);
    });
  },
);

test.each([0.05, 0.1, 0.2])('a leak of %d is missed as often as is stated', (leak) => {
  const asked = leakSize(leak);
  const input = (others: number): InputOf<'toServeOnly'> => ({
    ...whole,
    asked,
    tally: tallyOf([asked - others, from('v1')], [others, from('v2')]),
    version: 'v1',
    leak,
  });
  const { chance, error } = simulated(
    asked,
    leak,
    [0.5 / asked],
    (hits) => take('toServeOnly', input(hits)).verdict.pass,
  );
  const { chances } = take('toServeOnly', input(0));
  expect(chances?.falseAlarm).toBe(0);
  expect(Math.abs(chance - (chances?.misses[0]?.chance ?? 0))).toBeLessThan(4 * error);
});

test('one of two keeps silent as seldom as is stated', () => {
  const asked = 12;
  const input = (hits: number): InputOf<'toHearFromAll'> => ({
    ...whole,
    asked,
    tally: tallyOf([hits, from('v1')], [asked - hits, from('v2')]),
    versions: ['v1', 'v2'],
    leak: 0.1,
  });
  const { chance, error } = simulated(
    asked,
    0.5,
    [0.02, 0.98],
    (hits) => !take('toHearFromAll', input(hits)).verdict.pass,
  );
  expect(Math.abs(chance - (take('toHearFromAll', input(6)).chances?.falseAlarm ?? 0))).toBeLessThan(4 * error);
});

test('one request in ten that comes to something else is missed by whoever hears from all as often as is stated', () => {
  const leak = 0.1;
  const asked = leakSize(leak);
  const input = ([one = 0, two = 0, others = 0]: readonly number[]): InputOf<'toHearFromAll'> => ({
    ...whole,
    asked,
    tally: tallyOf([one, from('v1')], [two, from('v2')], [others, from('v3')]),
    versions: ['v1', 'v2'],
    leak,
  });
  const shares = (of: number) => [(1 - of) / 2, (1 - of) / 2, of];
  const pass = (counts: readonly number[]) => take('toHearFromAll', input(counts)).verdict.pass;
  const { chance, error } = simulatedOf(asked, shares(leak), [shares(0.5 / asked)], pass);
  const { chances } = take('toHearFromAll', input([asked / 2, asked / 2, 0]));
  expect(error).toBeLessThan(0.05 * chance);
  expect(Math.abs(chance - (chances?.misses[0]?.chance ?? 0))).toBeLessThan(4 * error);
});

test('of three that do not serve alike, any keeps silent as seldom as is stated', () => {
  const shares = [60, 30, 10];
  const asked = 20;
  const taken = take('toHearFromAll', {
    ...whole,
    asked,
    tally: tallyOf([12, from('v1')], [6, from('v2')], [2, from('v3')]),
    versions: ['v1', 'v2', 'v3'],
    shares,
    leak: 0.1,
  });
  const random = seeded(7);
  const silent = Array.from({ length: DRAWS }, () => {
    const heard = new Set<number>();
    for (let request = 0; request < asked; request += 1) {
      const drawn = random() * 100;
      heard.add(drawn < 60 ? 0 : drawn < 90 ? 1 : 2);
    }
    return heard.size < shares.length;
  }).filter(Boolean).length;
  const chance = silent / DRAWS;
  const error = Math.sqrt((chance * (1 - chance)) / DRAWS);
  expect(Math.abs(chance - (taken.chances?.falseAlarm ?? 0))).toBeLessThan(4 * error);
});

test.each([20, 40])('of %d requests a third may be held up unseen as often as is stated', (asked) => {
  const question = 'twin';
  const input = (late: number): InputOf<'toLagBehind'> => ({
    ...whole,
    asked,
    tally: tallyOf([asked, from('v1')]),
    by: 0,
    status: 200,
    millis: Array.from({ length: asked }, (_, index) => (index < late ? 3000 : 10)),
    twin: { question, asked, tally: tallyOf([asked, from('v1')]), millis: Array.from({ length: asked }, () => 10) },
  });
  const pass = (hits: number) => take('toLagBehind', input(hits)).verdict.pass;
  const { chance, error } = simulated(asked, 1 / 3, [0.1, 0.2], pass);
  const { chances } = take('toLagBehind', input(0));
  expect(Math.abs(chance - (chances?.misses[0]?.chance ?? 0))).toBeLessThan(4 * error);
});

test.each([20, 40])('of %d requests a third may escape a delay unseen as often as is stated', (asked) => {
  const question = 'twin';
  const input = (early: number): InputOf<'toLagBehind'> => ({
    ...whole,
    asked,
    tally: tallyOf([asked, from('v1')]),
    by: 1000,
    status: 200,
    millis: Array.from({ length: asked }, (_, index) => (index < early ? 10 : 1010)),
    twin: { question, asked, tally: tallyOf([asked, from('v1')]), millis: Array.from({ length: asked }, () => 10) },
  });
  const pass = (early: number) => take('toLagBehind', input(early)).verdict.pass;
  const { chance, error } = simulated(asked, 1 / 3, [0.5 / asked], pass);
  const { chances } = take('toLagBehind', input(0));
  expect(chances?.falseAlarm).toBe(0);
  expect(error).toBeLessThan(0.05 * chance);
  expect(Math.abs(chance - (chances?.misses[0]?.chance ?? 0))).toBeLessThan(4 * error);
});

test('a run may be wrong as often as all its verdicts together', () => {
  const one = { falseAlarm: 4e-7, misses: [] };
  expect(perMillion(anyFalseAlarm([one, one, { ...one, falseAlarm: 0 }]))).toBe('0.8 in 1,000,000');
});

describe('three branches', () => {
  const shares = { v1: 50, v2: 30, v3: 20 };
  const actual = Object.values(shares).map((percent) => percent / 100);
  const asked = splitSize(shares, 10);
  const input = (counts: readonly number[]): InputOf<'toSplitTraffic'> => ({
    ...whole,
    asked,
    tally: Object.keys(shares).map((version, branch) => ({ count: counts[branch] ?? 0, outcome: from(version) })),
    shares,
    tellApart: 10,
  });
  const right = actual.map((share) => Math.round(share * asked));
  const { chances } = take('toSplitTraffic', input(right));
  const { branches } = judgeSplit(input(right).tally, shares, asked);
  const isOff = ({ atLeast, atMost }: Bounds, hits = 0) => hits < atLeast || hits > atMost;
  /** One branch has this share, and the others have the rest in their own proportion. */
  const given = (branch: number, share: number) =>
    actual.map((own, other) => (other === branch ? share : (own * (1 - share)) / (1 - (actual[branch] ?? 0))));

  test('together alarm no more often than two, and hardly less often than is stated', () => {
    const stated = chances?.falseAlarm ?? 0;
    const edges = branches.flatMap(({ atLeast, atMost }, branch) =>
      [atLeast, atMost].map((hits) => given(branch, hits / asked)),
    );
    const anyOff = (counts: readonly number[]) => branches.some((bounds, branch) => isOff(bounds, counts[branch]));
    const { chance, error } = simulatedOf(asked, actual, edges, anyOff, DRAWS / 2);
    expect(error).toBeLessThan(0.05 * chance);
    expect(chance).toBeLessThan(stated + 4 * error);
    expect(chance).toBeGreaterThan(0.9 * stated - 4 * error);
    expect(stated).toBeLessThan(1e-6);
  });

  const misses = branches.flatMap((bounds, branch) => [
    { off: `${bounds.version}: 10 points less`, branch, bounds, share: bounds.share - 10, edge: bounds.atLeast },
    { off: `${bounds.version}: 10 points more`, branch, bounds, share: bounds.share + 10, edge: bounds.atMost },
  ]);

  test('have no other misses', () => {
    expect(chances?.misses.map(({ off }) => off)).toEqual(misses.map(({ off }) => off));
  });

  test.each(misses)(
    '$off: this branch alone is believed as often as is stated',
    ({ off, branch, bounds, share, edge }) => {
      const isBelieved = (counts: readonly number[]) => !isOff(bounds, counts[branch]);
      const drawnFrom = [given(branch, edge / asked)];
      const { chance, error } = simulatedOf(asked, given(branch, share / 100), drawnFrom, isBelieved, DRAWS / 5);
      const miss = chances?.misses.find((one) => one.off === off)?.chance ?? 0;
      expect(error).toBeLessThan(0.05 * chance);
      expect(Math.abs(chance - miss)).toBeLessThan(4 * error);
      expect(miss).toBeLessThan(1e-3);
    },
  );

  test('are judged by just these bounds', () => {
    const random = seeded(3);
    const edges = branches.flatMap(({ atLeast, atMost }, branch) => [
      given(branch, atLeast / asked),
      given(branch, atMost / asked),
    ]);
    for (const shares of edges) {
      const counts = countsAmong(asked, shares, random);
      const anyOff = branches.some((bounds, branch) => isOff(bounds, counts[branch]));
      expect(take('toSplitTraffic', input(counts)).verdict.pass).toBe(!anyOff);
    }
  });
});

test.each([
  [11.49e-6, '12'],
  [11e-6, '11'],
  [9.96e-6, '10'],
  [0.801e-6, '0.81'],
  [99.5e-6, '100'],
  [104e-6, '110'],
])('%d is a bound of %s in a million', (chance, bound) => {
  expect(atMostPerMillion(chance)).toBe(`${bound} in 1,000,000`);
});
