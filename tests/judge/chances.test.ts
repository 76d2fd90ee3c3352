import { describe, expect, test } from 'vitest';
import { FAULT_BODY } from '../../mesh/judge/abort.ts';
import { sampleSize } from '../../mesh/judge/binomial.ts';
import { anyFalseAlarm, perMillion } from '../../mesh/judge/chances.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { leakSize } from '../../mesh/judge/serve-only.ts';
import { splitSize } from '../../mesh/judge/split.ts';
import type { InputOf, JudgeName } from '../../mesh/verdict/registry.ts';
import { take } from '../../mesh/verdict/take.ts';
import { failed, from, tallyOf } from './samples.ts';

const DRAWS = 20_000;

/** Numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Requests one by one, of which a share are hits. */
function hitsAmong(requests: number, share: number, random: () => number): number {
  let hits = 0;
  for (let request = 0; request < requests; request += 1) if (random() < share) hits += 1;
  return hits;
}

interface Estimate {
  readonly chance: number;
  readonly error: number;
}

/**
 * How often a sample of requests with this true share comes to a verdict, simulated request by request. What happens once in a million
 * samples is made frequent by drawing from other shares, and each sample counts by how much likelier it is there.
 */
function simulated(
  requests: number,
  actual: number,
  drawnFrom: readonly number[],
  comes: (hits: number) => boolean,
): Estimate {
  const random = seeded(20_261_121);
  const remembered = new Map<number, boolean>();
  const weight = (hits: number) => {
    const likelier = drawnFrom.map((share) =>
      Math.exp(hits * Math.log(share / actual) + (requests - hits) * Math.log((1 - share) / (1 - actual))),
    );
    return drawnFrom.length / likelier.reduce((sum, one) => sum + one, 0);
  };
  const weights = Array.from({ length: DRAWS }, (_, draw) => {
    const hits = hitsAmong(requests, drawnFrom[draw % drawnFrom.length] ?? actual, random);
    const came = remembered.get(hits) ?? comes(hits);
    remembered.set(hits, came);
    return came ? weight(hits) : 0;
  });
  const chance = weights.reduce((sum, one) => sum + one, 0) / DRAWS;
  const variance = weights.reduce((sum, one) => sum + (one - chance) ** 2, 0) / (DRAWS - 1);
  return { chance, error: Math.sqrt(variance / DRAWS) };
}

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

const taken = (name: JudgeName, input: unknown) => take(name, input as never);

describe.each([split(50, 10), split(80, 10), abort(50, 10), mirror(20, 10)])(
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

test('a run may be wrong as often as all its verdicts together', () => {
  const one = { falseAlarm: 4e-7, misses: [] };
  expect(perMillion(anyFalseAlarm([one, one, { ...one, falseAlarm: 0 }]))).toBe('0.8 in 1,000,000');
});

test('three branches together alarm no more often than two', () => {
  const shares = { v1: 50, v2: 30, v3: 20 };
  const asked = splitSize(shares, 10);
  const tally = tallyOf([asked / 2, from('v1')], [asked * 0.3, from('v2')], [asked * 0.2, from('v3')]);
  const { chances } = take('toSplitTraffic', { ...whole, asked, tally, shares, tellApart: 10 });
  expect(chances?.falseAlarm).toBeLessThan(1e-6);
  expect(chances?.misses).toHaveLength(6);
  for (const { chance } of chances?.misses ?? []) expect(chance).toBeLessThan(1e-3);
});
