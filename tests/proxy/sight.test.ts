import { expect, test } from 'vitest';
import { sightByRules, sightInProxy } from '../../mesh/proxy/sight.ts';
import { snaked } from '../../mesh/proxy/snake.ts';
import { nodebook } from '../../mesh/world/apps.ts';
import { clusters, listeners, routes, rules, table } from './nodebook-shown.ts';

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
