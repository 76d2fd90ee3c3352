import { expect, test } from 'vitest';
import { explained, missingSpans } from '../../mesh/trace/missing.ts';
import type { Footprint } from '../../mesh/trace/trail.ts';
import { hops, sent, trail, whole, without } from './bookinfo-trace.ts';

const [ratings] = trail.get('ratings') ?? [];
const told = (...footprints: readonly (Partial<Footprint> | undefined)[]) =>
  new Map([...trail, ['ratings', footprints.map((one) => ({ ...sent, parentSpanId: '', sampled: '1', ...one }))]]);

test.each([
  ['none of a whole trace', whole, trail, []],
  [
    'one at either side of a call',
    without(7, 8),
    trail,
    [
      ['reviews', 1],
      ['ratings', 1],
    ],
  ],
  [
    'all of them',
    [],
    trail,
    [
      ['ingress', 1],
      ['productpage', 3],
      ['details', 1],
      ['reviews', 2],
      ['ratings', 1],
    ],
  ],
  ['none that an app was told another trace of', without(7, 8), told({ traceId: 'c'.repeat(32) }), []],
  ['none that an app was told not to take', without(7, 8), told({ ...ratings, sampled: '0' }), []],
  ['none of an app that was not asked', without(7, 8), told(), []],
] as const)('spans are missing: %s', (_, spans, footprints, missing) => {
  expect([...missingSpans(spans, sent, hops, footprints)].toSorted()).toEqual(missing.toSorted());
});

test('what is missing is explained where those who took it lost as much', () => {
  const missing = new Map([
    ['reviews', 1],
    ['ratings', 2],
  ]);
  expect(
    explained(
      missing,
      new Map([
        ['reviews', 5],
        ['ratings', 2],
      ]),
    ),
  ).toBe(true);
  expect(
    explained(
      missing,
      new Map([
        ['reviews', 5],
        ['ratings', 1],
      ]),
    ),
  ).toBe(false);
  expect(explained(missing, new Map([['reviews', Infinity]]))).toBe(false);
  expect(explained(new Map(), new Map([['reviews', 5]]))).toBe(false);
});
