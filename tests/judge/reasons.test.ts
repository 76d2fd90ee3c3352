import { expect, test } from 'vitest';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { type Circumstances, LOST, reasonFor } from '../../mesh/judge/reasons.ts';
import { failed, from, nobody, noEndpoint, reset, tallyOf } from './samples.ts';

const workload = (version: string, wanted: number, ready: number) => ({
  name: `nodebook-${version}`,
  version,
  wanted,
  ready,
});
const healthy: Circumstances = { service: 'nodebook', workloads: [workload('v3', 1, 1), workload('v4', 1, 1)] };
const without = (wanted: number): Circumstances => ({
  service: 'nodebook',
  workloads: [workload('v3', 1, 1), workload('v4', wanted, 0)],
});

test.each([
  [
    noEndpoint,
    without(0),
    'subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready)',
    'environment',
  ],
  [
    noEndpoint,
    without(2),
    'subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 2 replicas ready)',
    'environment',
  ],
  [
    noEndpoint,
    healthy,
    'no pod of nodebook is in the chosen subset, as the proxy knows it (UH), although its pods are ready',
    'rule',
  ],
  [
    failed(503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow'),
    healthy,
    'a circuit breaker on the way to nodebook is open (UO)',
    'rule',
  ],
  [
    failed(503, 'upstream connect error or disconnect/reset before headers'),
    healthy,
    'the proxy could not reach nodebook (UF, UC)',
    'app',
  ],
  [
    failed(503, 'upstream connect error or disconnect/reset before headers'),
    without(0),
    'subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready)',
    'environment',
  ],
  [failed(503), healthy, 'the route to nodebook names a subset that no DestinationRule declares (NC)', 'rule'],
  [failed(404), healthy, 'no route to nodebook matches the request (NR)', 'rule'],
  [failed(504, 'upstream request timeout'), healthy, 'nodebook took longer than the route allows (UT)', 'rule'],
  [nobody, healthy, 'nothing listens on that port: no Gateway opens it on that proxy', 'rule'],
])('%o: %s', (outcome, state, text, suspect) => {
  expect(reasonFor(tallyOf([685, outcome]), state, ['v4'])).toEqual({ suspect, text });
});

test('a version that was not asked for may rest', () => {
  const reason = reasonFor(tallyOf([688, noEndpoint]), without(0), ['v3']);
  expect(reason?.text).toBe(
    'no pod of nodebook is in the chosen subset, as the proxy knows it (UH), although its pods are ready',
  );
});

test("a service whose versions are another service's may itself have nobody", () => {
  const page = { service: 'productpage', versionsOf: 'reviews', workloads: healthy.workloads };
  const gone = { name: 'productpage-v1', version: 'v1', wanted: 0, ready: 0 };
  expect(reasonFor(tallyOf([66, noEndpoint]), { ...page, own: [gone] }, ['a title'])).toEqual({
    suspect: 'environment',
    text: 'productpage has no ready pod (deployment productpage-v1: 0 of 0 replicas ready)',
  });
});

test('an application that answers 404 itself is no missing route', () => {
  expect(reasonFor(tallyOf([1, failed(404, 'Not Found')]), healthy, [])).toBeUndefined();
});

test('a wrong share, or a reset, has no cause that could be read here', () => {
  expect(reasonFor(tallyOf([1, from('v3')], [1, reset]), healthy, ['v4'])).toBeUndefined();
});

test('a version that has no pod explains why others answered', () => {
  const reason = reasonFor(tallyOf([66, from('v3')]), without(0), ['v4']);
  expect(reason?.text).toBe('subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready)');
});

test('what excuses the mesh explains all that is amiss, or nothing', () => {
  const unresolved: Outcome = { kind: 'refused', reason: 'dns', detail: 'EAI_AGAIN' };
  const lost: Outcome = { kind: 'refused', reason: 'other', detail: LOST };
  expect(reasonFor(tallyOf([3, unresolved]), healthy, ['v4'])?.suspect).toBe('environment');
  expect(reasonFor(tallyOf([3, lost]), healthy, ['v4'])?.suspect).toBe('harness');
  expect(reasonFor(tallyOf([1, unresolved], [20, from('v3')]), healthy, ['v4'])).toBeUndefined();
  expect(reasonFor(tallyOf([1, lost], [20, failed(404)]), healthy, ['v4'])?.suspect).toBe('rule');
});
