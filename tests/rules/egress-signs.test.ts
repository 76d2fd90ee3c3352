import { describe, expect, test } from 'vitest';
import type { Dump } from '../../mesh/proxy/dump.ts';
import { outboundPolicyOf } from '../../mesh/proxy/outbound-policy.ts';
import { kindOf } from '../../mesh/rules/kinds/registry.ts';
import type { Rule } from '../../mesh/rules/rule.ts';
import type { Scene } from '../../mesh/rules/scene.ts';
import { cluster, listener, proxyShowing, routeTable } from '../proxy/dumps.ts';

const namespace = 'istio-e2e-w0';
const host = 'outside-5f2c9a01.example.test';
const egress = 'istio-egressgateway.istio-system.svc.cluster.local';
const sidecar = proxyShowing();
const asking = proxyShowing();
const view = { ...proxyShowing(), namespace: 'istio-system' };
const gateway = { view, labels: { istio: 'egressgateway' }, shared: true, listenerPort: () => 8443 };
const made = (kind: string, name: string, spec: object): Rule => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});
const gatewayRule = made('Gateway', 'istio-egressgateway', {
  selector: { istio: 'egressgateway' },
  servers: [{ port: { number: 443, protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' }, hosts: [host] }],
});
const scene: Scene = {
  namespace,
  sidecars: [sidecar, asking],
  asks: new Map([[asking, ['reviews']]]),
  gateways: [gateway],
  inForce: [gatewayRule],
};
const expected = (rule: Rule, proxy = sidecar) => kindOf(rule).expected(rule, scene, proxy);
const seen = (rule: Rule, dump: Dump, proxy = sidecar) => kindOf(rule).seen(rule, scene, proxy, dump);

const tcp = (target: string) => ({ name: 'envoy.filters.network.tcp_proxy', typed_config: { cluster: target } });
const first = (target: string) => ({
  ...listener(15001, { name: 'virtualOutbound-catchall-tcp', filters: [tcp(target)] }),
  active_state: {
    listener: {
      name: 'virtualOutbound',
      filter_chains: [
        { name: 'virtualOutbound-blackhole', filters: [tcp('BlackHoleCluster')] },
        { name: 'virtualOutbound-catchall-tcp', filters: [tcp(target)] },
      ],
    },
  },
});
const table = (name: string, ...hosts: readonly string[]) => ({
  route_config: { name, virtual_hosts: hosts.map((one) => ({ name: one })) },
});
const led = (port: number, name: string, target: string) =>
  listener(port, { filter_chain_match: { server_names: [name] }, filters: [tcp(target)] });

describe('the outbound policy of a sidecar', () => {
  const open = { listeners: [first('PassthroughCluster')], routes: [table('80', 'a:80', 'allow_any')] };
  const shut = { listeners: [first('BlackHoleCluster')], routes: [table('80', 'a:80', 'block_all'), table('x', 'b')] };

  test('is read from the first listener and from every route table', () => {
    expect(outboundPolicyOf(open)).toBe('open');
    expect(outboundPolicyOf(shut)).toBe('shut');
    expect(outboundPolicyOf({ ...shut, routes: open.routes })).toBe('torn');
    expect(outboundPolicyOf({ ...shut, routes: [...shut.routes, ...open.routes] })).toBe('torn');
  });

  test('is the sign of a Sidecar, and open is none', () => {
    const rule = made('Sidecar', 'registry-only', {
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    });
    expect(kindOf(rule).involved(rule, scene)).toEqual([sidecar, asking]);
    expect(expected(rule)).toEqual(['shut for whom it does not know']);
    expect(seen(rule, shut)).toEqual(expected(rule));
    expect(seen(rule, { ...shut, listeners: open.listeners })).not.toEqual(expected(rule));
    expect(seen(rule, open)).toEqual([]);
  });

  test('one that selects workloads concerns the callers, and one that says nothing of it is refused', () => {
    const spec = { workloadSelector: { labels: { app: 'prober' } }, outboundTrafficPolicy: { mode: 'ALLOW_ANY' } };
    const rule = made('Sidecar', 'allow-any', spec);
    expect(kindOf(rule).involved(rule, scene)).toEqual([sidecar]);
    expect(expected(rule)).toEqual([]);
    expect(() => expected(made('Sidecar', 's', {}))).toThrow(/a Sidecar without an outboundTrafficPolicy/);
  });
});

describe('ServiceEntry, in a sidecar', () => {
  const rule = made('ServiceEntry', 'outside', {
    hosts: [host],
    ports: [
      { number: 80, protocol: 'HTTP' },
      { number: 443, protocol: 'HTTPS' },
    ],
  });
  const known = [80, 443].map((port) => ({ cluster: { name: `outbound|${port}||${host}` } }));
  const routes = [table('80', `${host}:80`, 'block_all')];
  const listeners = [led(443, host, `outbound|443||${host}`)];

  test('has arrived when ways lead to it: a virtual host for HTTP, a filter chain for the rest', () => {
    expect(seen(rule, { clusters: known, routes, listeners }).toSorted()).toEqual([...expected(rule)].toSorted());
    expect(seen(rule, { clusters: known, routes: [], listeners })).not.toContain(`a way to port 80 of ${host}`);
    expect(seen(rule, { clusters: known, routes, listeners: [] })).not.toContain(`a way to port 443 of ${host}`);
  });

  test('in a gateway its clusters are all there is', () => {
    expect(seen(rule, { clusters: known }, view)).toEqual(expected(rule, view));
  });
});

describe('TLS routes', () => {
  const to = (of: string, subset?: string) => ({ destination: { host: of, subset, port: { number: 443 } } });
  const match = (from: string) => [{ gateways: [from], port: 443, sniHosts: [host] }];
  const rule = made('VirtualService', 'through', {
    hosts: [host],
    gateways: ['mesh', 'istio-egressgateway'],
    tls: [
      { match: match('mesh'), route: [to(egress, 'outside')] },
      { match: match('istio-egressgateway'), route: [to(host)] },
    ],
  });
  const straight = `outbound|443||${host}`;
  const through = `outbound|443|outside|${egress}`;

  test('each proxy shows its own leg', () => {
    expect(kindOf(rule).involved(rule, scene)).toEqual([sidecar, view]);
    expect(expected(rule)).toEqual([`443 for ${host}: ${through} 100`]);
    expect(expected(rule, view)).toEqual([`8443 for ${host}: ${straight} 100`]);
    expect(seen(rule, { listeners: [led(443, host, through)] })).toEqual(expected(rule));
    expect(seen(rule, { listeners: [led(8443, host, straight)] }, view)).toEqual(expected(rule, view));
  });

  test('what a sidecar does without the rule is no sign of it', () => {
    expect(seen(rule, { listeners: [led(443, host, straight)] })).toEqual([]);
    expect(seen(rule, { listeners: [led(443, 'other.example.test', through)] })).toEqual([]);
  });

  test.each([
    [{ tls: [{ match: [{ sniHosts: [host] }], route: [to(egress)] }] }, /a tls route that matches no port/],
    [{ tls: [{ match: match('mesh'), route: [to(host)] }] }, /leads to where connections go without it/],
    [{ http: [{}], tls: [{ match: match('mesh'), route: [to(egress)] }] }, /http and tls routes in one rule/],
  ])('what would leave no sign is refused', (spec, words) => {
    expect(() => expected(made('VirtualService', 'v', { hosts: [host], ...spec }))).toThrow(words);
  });

  test('a server that passes TLS on has its sign in the route', () => {
    expect(expected(gatewayRule, view)).toEqual([]);
    expect(seen(gatewayRule, { listeners: [led(8443, host, straight)] }, view)).toEqual([]);
  });
});

describe("a DestinationRule for another namespace's service", () => {
  const rule = made('DestinationRule', 'egressgateway-for-outside', { host: egress, subsets: [{ name: 'outside' }] });

  test('is followed in its own namespace alone, and shows under the name of the other', () => {
    expect(kindOf(rule).involved(rule, scene)).toEqual([sidecar]);
    expect(kindOf(rule).anywhere?.(rule, scene)).toBe(true);
  });

  test('one for an own service is followed by all, and looked for among the own', () => {
    const own = made('DestinationRule', 'nodebook', { host: `nodebook.${namespace}.svc.cluster.local` });
    expect(kindOf(own).involved(own, scene)).toEqual([sidecar, view]);
    expect(kindOf(own).anywhere?.(own, scene)).toBe(false);
    expect(seen(own, { clusters: [cluster('', 'nodebook')], routes: [routeTable('3000')] })).toEqual(expected(own));
  });
});
