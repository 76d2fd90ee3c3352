import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { type Circumstances, excuseFor, LOST, reasonFor } from '../../mesh/judge/reasons.ts';
import type { Verdict } from '../../mesh/verdict/judge.ts';
import { take } from '../../mesh/verdict/take.ts';
import { failed, from, nobody, noEndpoint, reset, tallyOf, unresolved } from './samples.ts';

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
    {
      service: 'nodebook',
      workloads: [{ ...workload('v4', 1, 0), fault: 'pod nodebook-v4-1: istio-proxy runs and does not become ready' }],
    },
    'subset v4 of nodebook has no ready pod: pod nodebook-v4-1: istio-proxy runs and does not become ready',
    'mesh',
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

test('what excuses the mesh explains all that is surprising, or nothing', () => {
  const lost: Outcome = { kind: 'refused', reason: 'other', detail: LOST };
  const portless: Outcome = { kind: 'refused', reason: 'other', detail: 'EADDRNOTAVAIL' };
  expect(excuseFor(tallyOf([3, unresolved]), 'nodebook')).toEqual({
    suspect: 'environment',
    text: 'DNS gave no answer for the name of nodebook',
  });
  expect(excuseFor(tallyOf([3, lost]), 'nodebook')?.suspect).toBe('harness');
  expect(excuseFor(tallyOf([3, portless]), 'nodebook')?.suspect).toBe('environment');
  expect(excuseFor(tallyOf([1, unresolved], [20, from('v3')]), 'nodebook')).toBeUndefined();
  expect(excuseFor(tallyOf([1, lost], [20, failed(404)]), 'nodebook')).toBeUndefined();
  expect(excuseFor([], 'nodebook')).toBeUndefined();
});

describe('an answer that DNS did not give excuses what it explains', () => {
  const asking = (...counts: readonly (readonly [number, Outcome])[]) => ({
    ...{ question: 'caller to nodebook', seconds: 1, inForce: [], circumstances: healthy },
    asked: counts.reduce((sum, [count]) => sum + count, 0),
    tally: tallyOf(...counts),
  });
  const suspect = ({ message }: Verdict) => /\[suspect: the (.*)\]$/.exec(message.split('\n')[0] ?? '')?.[1];
  const environment = 'environment';
  const mesh = 'rule or the mesh';
  const shares = { v1: 50, v2: 50 };
  const arrivals = (times: number) => ({
    each: [
      { outcome: from('v3'), times, requests: 65, first: 'run-1' },
      { outcome: unresolved, times: 0, requests: 1, first: 'run-66' },
    ],
    strangers: 0,
  });
  const tried = { times: 1, status: 200, where: 'nodebook v3', leak: 0.1 };
  const mirrored = { version: 'v3', share: 100, tellApart: 10, from: 'v3', to: 'v4' };
  const visited = (requests: number) => ({
    ...{ host: 'outside.example.test', site: 'the outside server', leak: 0.1 },
    seen: { connections: 1, requests, arrivals: arrivals(1), names: ['outside.example.test'] },
  });
  const lag = (first: number) => ({
    ...{ by: 3000, status: 200, millis: [...Array.from({ length: 65 }, () => first), 3100] },
    twin: { question: 'twin', asked: 1, tally: tallyOf([1, from('v4')]), millis: [5] },
  });
  const fault = failed(500, 'fault filter abort');
  const aborting = (outcome: Outcome) => ({
    ...{ status: 500, share: 100, tellApart: 10, where: 'nodebook v3', proxy: 'prober', lines: [] },
    arrivals: {
      each: [
        { outcome, times: outcome === fault ? 0 : 1, requests: 65, first: 'run-1' },
        { outcome: unresolved, times: 0, requests: 1, first: 'run-66' },
      ],
      strangers: 0,
    },
  });
  const knocking = (after: number) => ({ times: 2, host: 'closed', before: 0, after });
  const overflow = failed(503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow');
  const crowd = (overflows: number, arrived: number) => ({
    ...{ refusals: 'some' as const, version: 'v3', at: 'nodebook v3', before: { overflows: 0, served: 0 } },
    after: { overflows, served: arrived },
  });
  const handing = (...counts: readonly (readonly [number, Outcome])[]) => ({
    ...{ from: 'v3', to: 'v4' },
    stretches: counts.map(([count, outcome], index) => ({
      outcome,
      count,
      first: 100 * index,
      last: 100 * index + 99,
    })),
  });
  const ejecting = (ejections: number) => ({
    proxy: 'prober',
    failure: { version: 'v3', sentAt: 0, ejections: 0 },
    ejection: { for: 2000, check: 1000 },
    looks: [
      { from: 100, to: 110, ejected: ejections, ejections, served: 5, byOthers: 5 },
      { from: 2200, to: 2210, ejected: 0, ejections, served: 9, byOthers: 50 },
    ],
  });
  const counting = (value: number) => ({
    ...{
      status: 200,
      labels: { source: { app: 'x' } },
      arrivals: arrivals(1),
      arriving: 1,
      where: 'nodebook v3',
      leak: 0.1,
    },
    counted: [
      {
        ...{ name: 'the caller', reporters: ['source'] as const },
        grown: [{ labels: { reporter: 'source', response_code: '200', app: 'x' }, value }],
      },
    ],
  });
  const most = asking([65, from('v3')], [1, unresolved]);

  test.each([
    [
      'shares',
      take('toSplitTraffic', {
        ...asking([800, from('v1')], [785, from('v2')], [1, unresolved]),
        shares,
        tellApart: 10,
      }),
      environment,
    ],
    [
      'one has everything',
      take('toSplitTraffic', { ...asking([1585, from('v1')], [1, unresolved]), shares, tellApart: 10 }),
      mesh,
    ],
    [
      'all are heard',
      take('toHearFromAll', {
        ...asking([40, from('v1')], [25, from('v2')], [1, unresolved]),
        versions: ['v1', 'v2'],
        leak: 0.1,
      }),
      environment,
    ],
    [
      'one is silent',
      take('toHearFromAll', { ...asking([65, from('v1')], [1, unresolved]), versions: ['v1', 'v2'], leak: 0.1 }),
      mesh,
    ],
    ['tried once', take('toBeTried', { ...most, ...tried, arrivals: arrivals(1) }), environment],
    ['tried twice', take('toBeTried', { ...most, ...tried, arrivals: arrivals(2) }), mesh],
    [
      'copied',
      take('toBeMirrored', { ...most, ...mirrored, originals: arrivals(1), copies: arrivals(1) }),
      environment,
    ],
    ['not copied', take('toBeMirrored', { ...most, ...mirrored, originals: arrivals(1), copies: arrivals(0) }), mesh],
    [
      'in the book',
      take('toArriveAt', { ...asking([65, from('outside')], [1, unresolved]), ...visited(65) }),
      environment,
    ],
    ['aborted', take('toBeAborted', { ...asking([65, fault], [1, unresolved]), ...aborting(fault) }), environment],
    ['not aborted', take('toBeAborted', { ...most, ...aborting(from('v3')) }), mesh],
    [
      'knocked at',
      take('toKnockInVain', { ...asking([65, failed(503)], [1, unresolved]), ...knocking(130) }),
      environment,
    ],
    [
      'knocked at too seldom',
      take('toKnockInVain', { ...asking([65, failed(503)], [1, unresolved]), ...knocking(65) }),
      mesh,
    ],
    [
      'turned away',
      take('toOverflow', { ...asking([40, from('v3')], [25, overflow], [1, unresolved]), ...crowd(25, 40) }),
      environment,
    ],
    ['never turned away', take('toOverflow', { ...most, ...crowd(0, 65) }), mesh],
    [
      'handed over',
      take('toHandOver', { ...most, ...handing([20, from('v3')], [45, from('v4')], [1, unresolved]) }),
      environment,
    ],
    ['not handed over', take('toHandOver', { ...most, ...handing([65, from('v3')], [1, unresolved]) }), mesh],
    ['ejected', take('toEject', { ...most, ...ejecting(1) }), environment],
    ['not ejected', take('toEject', { ...most, ...ejecting(0) }), mesh],
    ['counted', take('toBeCounted', { ...most, ...counting(65) }), environment],
    ['not counted', take('toBeCounted', { ...most, ...counting(30) }), mesh],
    ['not logged', take('toBeLogged', { ...asking([1, unresolved]), status: 200, ends: [] }), environment],
    ['reset, and so not logged', take('toBeLogged', { ...asking([1, reset]), status: 200, ends: [] }), mesh],
    [
      'not denied',
      take('toBeDeniedBy', { ...asking([1, unresolved]), details: 'x', log: 'y', logged: [] }),
      environment,
    ],
    ['held up', take('toLagBehind', { ...most, ...lag(3006) }), environment],
    ['not held up', take('toLagBehind', { ...most, ...lag(6) }), mesh],
    [
      'held up for too long',
      take('toLagBehind', { ...most, ...lag(9006), millis: Array.from({ length: 66 }, () => 9006) }),
      mesh,
    ],
  ])('%s', (_, { verdict }, whose) => {
    expect(verdict.pass).toBe(false);
    expect(suspect(verdict)).toBe(whose);
  });
});
