import { expect, test } from 'vitest';
import { entriesOf } from '../../mesh/proxy/dump.ts';
import { clustersOf, listenersOf, rejectionsOf, routesOf, secretsOf } from '../../mesh/proxy/parts.ts';
import { cluster, drainingListener, listener, plainChain, routeTable, secret, tlsChain } from './dumps.ts';

const routes = [routeTable('3000', 'nodebook#1.0', 'default'), routeTable('http.8080')];

test('a whole dump and a filtered one hold the same entries', () => {
  const whole = {
    configs: [
      { '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: {} },
      { '@type': 'type.googleapis.com/envoy.admin.v3.RoutesConfigDump', dynamic_route_configs: routes },
    ],
  };
  const filtered = {
    configs: routes.map((route) => ({ '@type': '...RoutesConfigDump.DynamicRouteConfig', ...route })),
  };
  expect(entriesOf(whole, 'routes')).toEqual(routes);
  expect(entriesOf(filtered, 'routes')).toMatchObject(routes);
});

test('a section that is not there is empty', () => {
  expect(entriesOf({}, 'clusters')).toEqual([]);
  expect(entriesOf({ configs: [{ '@type': 'x.ClustersConfigDump', static_clusters: [] }] }, 'clusters')).toEqual([]);
});

test('routes with their tables', () => {
  expect(routesOf({ routes })).toEqual([
    { table: '3000', name: 'nodebook#1.0' },
    { table: '3000', name: 'default' },
  ]);
});

test('clusters with subset and rule', () => {
  const [seen] = clustersOf({ clusters: [cluster('v3', 'nodebook')] });
  expect(seen).toMatchObject({
    name: 'outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local',
    subset: 'v3',
    rule: '/apis/networking.istio.io/v1/namespaces/istio-e2e-w0/destination-rule/nodebook',
  });
});

test('a listener that only drains accepts nothing', () => {
  expect(listenersOf({ listeners: [drainingListener(8080)] })).toEqual([]);
});

test('filter chains with server names, route table and secret', () => {
  const chains = [
    plainChain('http.8080'),
    tlsChain('a.example.com', 'https.443.https.gw.ns', 'kubernetes://credential'),
  ];
  expect(listenersOf({ listeners: [listener(8443, ...chains)] })[0]?.chains).toEqual([
    { name: '', serverNames: [], table: 'http.8080', secret: '', targets: [] },
    {
      name: '',
      serverNames: ['a.example.com'],
      table: 'https.443.https.gw.ns',
      secret: 'kubernetes://credential',
      targets: [],
    },
  ]);
});

test('secrets with their certificates', () => {
  expect(secretsOf({ secrets: [secret('kubernetes://credential', 'PEM')] })).toEqual([
    { name: 'kubernetes://credential', certificates: 'PEM' },
  ]);
});

test('what was refused is told in the words of the proxy', () => {
  const refused = { name: '0.0.0.0_8080', error_state: { details: 'Unknown filter istio.alpn' } };
  expect(rejectionsOf({ listeners: [listener(80), refused] })).toEqual(['Unknown filter istio.alpn']);
});
