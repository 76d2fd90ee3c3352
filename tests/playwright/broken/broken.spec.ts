import { stripVTControlCharacters } from 'node:util';
import { mergeTests } from '@playwright/test';
import { z } from 'zod';
import type { Cluster } from '../../../fixtures/cluster.ts';
import { expect } from '../../../fixtures/expect.ts';
import { insideProxiesTest } from '../../../fixtures/inside-proxies.ts';
import { ledgerTest } from '../../../fixtures/ledger.ts';
import { changeIn } from '../../../fixtures/mesh-config.ts';
import { Rules } from '../../../fixtures/rules.ts';
import type { ClusterHandle } from '../../../mesh/cluster/handle.ts';
import { splitSize } from '../../../mesh/judge/split.ts';
import { claimed } from '../../../mesh/istio/claimed.ts';
import type { Traffic } from '../../../mesh/prober/question.ts';
import { viewByProxyConfig } from '../../../mesh/proxy/by-proxy-config.ts';
import { gateway } from '../../../mesh/rules/kinds/gateway.ts';
import { guardedOf } from '../../../mesh/rules/kinds/selected.ts';
import type { Rulebook } from '../../../mesh/rules/rulebook.ts';
import { isUnjudged } from '../../../mesh/verdict/unjudged.ts';
import { nodebook } from '../../../mesh/world/apps.ts';
import { containerNamed } from '../../../mesh/world/askers.ts';
import type { World } from '../../../mesh/world/world.ts';

const world = { namespace: 'istio-e2e-w0', gateway: { proxies: [], service: 'ingress' } } as unknown as World;

/** The real fixtures, in a slot without a pod. */
const test = mergeTests(insideProxiesTest, ledgerTest).extend({
  cluster: [
    async ({}, use) =>
      use({ kube: { list: () => Promise.resolve([]) }, handle: { name: 'broken' } } as unknown as Cluster),
    { scope: 'worker' },
  ],
  world: [async ({}, use) => use(world), { scope: 'worker' }],
});

// One worker for all: each takes its time to begin, and the one test that is red is the last.
test.describe.configure({ mode: 'default' });

const flowing = { question: 'caller to nodebook', stop: () => Promise.resolve() } as unknown as Traffic;
const view = viewByProxyConfig({} as ClusterHandle, 'istio-e2e-w0', 'prober-1');
const scene = { namespace: 'istio-e2e-w0', sidecars: [], gateways: [], inForce: [] };
const nothing = JSON.parse('{}') as { readonly status: { readonly ready: boolean } };

const mistakes: readonly (() => unknown)[] = [
  () => nothing.status.ready,
  () => z.object({ sent: z.number() }).parse({ sent: 'many' }),
  () => eval('nodebok.status') as unknown,
  () => splitSize({ v1: 50, v2: 60 }, 10),
  () => containerNamed([], 'prober'),
  () => guardedOf({ view }, scene),
  () => gateway.expected({ apiVersion: 'v1', kind: 'Gateway', metadata: { name: 'g' } }, scene, view),
  () => view.read(['secrets']),
  () => JSON.parse('{') as unknown,
  () => new Rules({ inForce: [] } as unknown as Rulebook, '', undefined).routeName('nodebook'),
  () => changeIn(undefined, 'registry-only.yaml'),
  () => {
    expect([]).not.toFind({});
  },
];

test('mistakes of the harness or a suite', async () => {
  const told = await Promise.all(mistakes.map(reported));
  expect(told).toEqual([
    expect.stringMatching(/^TypeError: Cannot read properties of undefined/),
    expect.stringMatching(/^ZodError: /),
    expect.stringMatching(/^ReferenceError: nodebok is not defined/),
    expect.stringMatching(/^RangeError: A split has two or more branches that make 100 %/),
    expect.stringMatching(/^RangeError: no manifest has a container prober/),
    expect.stringMatching(/^RangeError: .* is no proxy that a policy of this scene guards/),
    expect.stringMatching(/^RangeError: .* is no gateway of this scene/),
    expect.stringMatching(/^RangeError: istioctl shows secrets in a form of its own/),
    expect.stringMatching(/^SyntaxError: .*JSON/),
    expect.stringMatching(/^HarnessError: .* VirtualService nodebook: .* \[NO_SUCH_ROUTE\]\n/),
    expect.stringMatching(/^HarnessError: .* by registry-only\.yaml: it has none \[OVERLAY_UNUSABLE\]\n/),
    expect.stringMatching(/^HarnessError: Claiming toFind: it has no opposite \[MATCHER_MISUSED\]\n/),
  ]);
  expect(told.filter((message) => !isUnjudged(message))).toEqual([]);
});

test('a proxy without a pod', async ({ insideProxy, gatewayDoor }) => {
  const told = await Promise.all([() => insideProxy(nodebook, 'v3'), () => gatewayDoor(80, 'host')].map(reported));
  expect(told).toEqual([
    expect.stringMatching(/^HarnessError: .* nodebook v3 in istio-e2e-w0: there is none \[NO_READY_POD\]\n/),
    expect.stringMatching(/^HarnessError: .* ingress in istio-e2e-w0: there is none \[NO_READY_POD\]\n/),
  ]);
  expect(told.filter((message) => !isUnjudged(message))).toEqual([]);
});

const claims: readonly (() => unknown)[] = [
  () => {
    expect({ from: 'v3' }).toEqual({ from: 'v4' });
  },
  () => expect.poll(() => 'v3', { timeout: 100 }).toBe('v4'),
  () =>
    expect(() => {
      expect(1).toBe(2);
    }).toPass({ timeout: 100 }),
  () => {
    expect(() => undefined).toThrow(TypeError);
  },
  () => {
    expect(() => JSON.parse('{') as unknown).not.toThrow();
  },
  () => expect(Promise.reject<number>(new RangeError('too far'))).resolves.toBe(1),
  // Of these Playwright makes a TypeError.
  () => {
    expect(nothing).toHaveLength(1);
  },
  () => {
    expect(nothing.status).toBeCloseTo(1);
  },
  () => {
    expect([{ file: 'good.yaml', findings: [] }]).toFind({ 'good.yaml': ['IST0101'] });
  },
  () => claimed('false', ['analyze'], { doing: 'Analyzing' }),
];

test('a claim that does not hold, whatever it is about', async () => {
  const told = await Promise.all(claims.map(reported));
  expect(told.filter((message) => message === '' || isUnjudged(message))).toEqual([]);
});

test('traffic that nobody stops', ({ ledger }) => {
  ledger.started(flowing);
});

/** What a report says of it; '' where nothing is wrong. */
async function reported(broken: () => unknown): Promise<string> {
  try {
    await broken();
    return '';
  } catch (error) {
    return error instanceof Error ? stripVTControlCharacters(`${error.name}: ${error.message}`) : String(error);
  }
}
