import { expect, test } from 'vitest';
import { sightByRules, sightInProxy } from '../../mesh/proxy/sight.ts';
import { snaked } from '../../mesh/proxy/snake.ts';
import { parseRules } from '../../mesh/rules/rule.ts';
import { nodebook } from '../../mesh/world/apps.ts';
import { cluster, listener, plainChain } from './dumps.ts';

const rules = parseRules(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: nodebook }
spec: { host: nodebook, subsets: [{ name: v3 }, { name: v4 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: nodebook }
spec:
  hosts: [nodebook]
  http:
    - match: [{ headers: { app-ver: { exact: v3 } }, uri: { prefix: /version } }]
      route: [{ destination: { host: nodebook, subset: v3 } }]
    - route:
        - { destination: { host: nodebook, subset: v3 }, weight: 20 }
        - { destination: { host: nodebook, subset: v4 }, weight: 80 }
`);
const to = (subset: string) => `outbound|3000|${subset}|nodebook.istio-e2e-w0.svc.cluster.local`;
const weighted = (subset: string, weight: number) => ({ name: to(subset), weight });
const routes = [
  {
    match: { prefix: '/version', headers: [{ name: 'app-ver', string_match: { exact: 'v3' } }] },
    route: { cluster: to('v3') },
  },
  { match: { prefix: '/' }, route: { weighted_clusters: { clusters: [weighted('v3', 20), weighted('v4', 80)] } } },
];
const table = (all: readonly object[]) => ({
  route_config: {
    name: '3000',
    virtual_hosts: [
      { domains: ['nodebook.istio-e2e-w0.svc.cluster.local', 'nodebook'], routes: all },
      { domains: ['*'], routes: [] },
    ],
  },
});
const own = { name: 'virtualInbound', filter_chains: [{ filter_chain_match: { destination_port: 3000 } }] };
const listeners = [listener(3000, plainChain('3000')), { name: 'virtualInbound', active_state: { listener: own } }];
const clusters = ['', 'v3', 'v4'].map((subset) => cluster(subset, 'nodebook'));

test('a proxy that has the rules shows just what they say', () => {
  const seen = sightInProxy({ clusters, routes: [table(routes)], listeners }, nodebook, 'istio-e2e-w0');
  expect(seen).toEqual(sightByRules(rules, nodebook));
  expect(seen.routes).toEqual(['app-ver exact v3 and path prefix /version to v3 100', 'anything to v3 20, v4 80']);
});

test('other weights, a missing subset and a missing listener show', () => {
  const dump = { clusters: clusters.slice(0, 2), routes: [table([routes[1] ?? {}])], listeners: listeners.slice(1) };
  const [seen, wanted] = [sightInProxy(dump, nodebook, 'istio-e2e-w0'), sightByRules(rules, nodebook)];
  expect(seen.clusters).not.toEqual(wanted.clusters);
  expect(seen.routes).not.toEqual(wanted.routes);
  expect(seen.listeners).not.toEqual(wanted.listeners);
});

test('without rules a service is taken whole', () => {
  expect(sightByRules([], nodebook)).toEqual({
    clusters: ['the whole service, shaped by no rule'],
    routes: ['anything to the whole service 100'],
    listeners: ['port 3000 by route table 3000', "nodebook's own port 3000"],
  });
});

test("istioctl's spelling becomes Envoy's, but names that are data stay", () => {
  const shown = { virtualHosts: [{ requireTls: 'NONE' }], '@type': 'x', 'envoy.filters.http.router': {}, tlsV13: 1 };
  expect(snaked(shown)).toEqual({
    virtual_hosts: [{ require_tls: 'NONE' }],
    '@type': 'x',
    'envoy.filters.http.router': {},
    tls_v13: 1,
  });
});
