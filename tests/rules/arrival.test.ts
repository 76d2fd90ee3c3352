import { expect, test } from 'vitest';
import type { Dump } from '../../mesh/proxy/dump.ts';
import type { ProxyView } from '../../mesh/proxy/view.ts';
import { arrival, departure, RuleNeverArrived } from '../../mesh/rules/arrival.ts';
import type { Rule } from '../../mesh/rules/rule.ts';
import type { Scene } from '../../mesh/rules/scene.ts';
import { proxyShowing, routeTable } from '../proxy/dumps.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

const namespace = 'istio-e2e-w0';
const rule: Rule = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'nodebook', namespace },
  spec: { http: [{ name: 'nodebook.istio-e2e-w0#2.0' }] },
};
const scene = (...sidecars: readonly ProxyView[]): Scene => ({ namespace, sidecars, gateways: [], inForce: [rule] });
const before: Dump = { routes: [routeTable('3000', 'nodebook.istio-e2e-w0#1.0')] };
const after: Dump = { routes: [routeTable('3000', 'nodebook.istio-e2e-w0#2.0')] };
const gone: Dump = { routes: [routeTable('3000', 'default')] };

test('it has arrived when the slowest proxy has it', async () => {
  const proxies = [proxyShowing(after), proxyShowing(before, before, after)];
  const seen = await arrival(rule, scene(...proxies), 0, { within: 1000, clock: fakeClock() });
  expect(seen).toMatchObject({ rule: 'VirtualService nodebook', what: 'arrived', proxies: 2 });
  expect(seen.millis).toBeGreaterThanOrEqual(190);
});

test('a rule that never reaches a pod is named, with the pod and what it shows', async () => {
  const waiting = arrival(rule, scene(proxyShowing(after), proxyShowing(before)), 0, {
    within: 1000,
    clock: fakeClock(),
  });
  const error = await waiting.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RuleNeverArrived);
  expect((error as Error).message.split('\n')).toEqual([
    expect.stringMatching(
      /^VirtualService nodebook never reached pod istio-e2e-w0\/prober-1 \(waited \d\.\d s\) \[suspect: the rule or the mesh\]$/,
    ),
    '  istio-e2e-w0/prober-1 shows: nodebook.istio-e2e-w0#1.0',
    '  expected: nodebook.istio-e2e-w0#2.0',
  ]);
});

test('a rule of which a proxy shows a part is not called held up', async () => {
  const [first, second] = ['nodebook.istio-e2e-w0#2.0', 'nodebook.istio-e2e-w0#2.1'];
  const both = { ...rule, spec: { http: [{ name: first }, { name: second }] } };
  const waiting = arrival(both, scene(proxyShowing(after)), 0, { within: 500, clock: fakeClock() });
  await expect(waiting).rejects.toThrow(
    /^VirtualService nodebook reached pod istio-e2e-w0\/prober-1 only in part \(waited \d\.\d s\) \[suspect: the rule or the mesh\]\n/,
  );
});

test('a proxy that rejected its configuration says so', async () => {
  const rejecting = {
    routes: [...(before.routes ?? []), { error_state: { details: 'Only unique values for domains are permitted' } }],
  };
  const waiting = arrival(rule, scene(proxyShowing(rejecting)), 0, { within: 500, clock: fakeClock() });
  await expect(waiting).rejects.toThrow(
    'the proxy rejected a configuration: Only unique values for domains are permitted',
  );
});

test('it is gone when no proxy shows it, and not before', async () => {
  const seen = await departure(rule, scene(proxyShowing(after, after, gone)), 0, { within: 1000, clock: fakeClock() });
  expect(seen.what).toBe('gone');
  const staying = departure(rule, scene(proxyShowing(after)), 0, { within: 500, clock: fakeClock() });
  await expect(staying).rejects.toThrow('VirtualService nodebook never left pod istio-e2e-w0/prober-1');
});
