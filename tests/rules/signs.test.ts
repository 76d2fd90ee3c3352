import { describe, expect, test } from 'vitest';
import type { Dump } from '../../mesh/proxy/dump.ts';
import { kindOf } from '../../mesh/rules/kinds/registry.ts';
import type { Rule } from '../../mesh/rules/rule.ts';
import type { Scene } from '../../mesh/rules/scene.ts';
import {
  cluster,
  drainingListener,
  listener,
  plainChain,
  proxyShowing,
  routeTable,
  secret,
  tlsChain,
} from '../proxy/dumps.ts';

const namespace = 'istio-e2e-w0';
const sidecar = proxyShowing();
const view = proxyShowing();
const ingress = {
  view,
  labels: { istio: 'ingress' },
  shared: false,
  listenerPort: (port: number) => (port === 443 ? 8443 : 8080),
};
const scene = (...inForce: readonly Rule[]): Scene => ({
  namespace,
  sidecars: [sidecar],
  gateways: [ingress],
  inForce,
});
const made = (kind: string, name: string, spec: object): Rule => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});
const marks = (rule: Rule, dump: Dump, where: Scene, proxy = view) => {
  const kind = kindOf(rule);
  return { expected: kind.expected(rule, where, proxy), seen: kind.seen(rule, where, proxy, dump) };
};

describe('VirtualService', () => {
  const rule = made('VirtualService', 'nodebook', {
    http: [{ name: 'nodebook.istio-e2e-w0#7.0' }, { name: 'nodebook.istio-e2e-w0#7.1' }],
  });

  test('its routes bear the names of this application', () => {
    const dump = { routes: [routeTable('3000', 'nodebook.istio-e2e-w0#7.0', 'nodebook.istio-e2e-w0#7.1', 'default')] };
    const { expected, seen } = marks(rule, dump, scene());
    expect(seen).toEqual(expected);
  });

  test('those of an earlier application are seen, and are not the expected ones', () => {
    const { expected, seen } = marks(rule, { routes: [routeTable('3000', 'nodebook.istio-e2e-w0#6.0')] }, scene());
    expect(seen).toEqual(['nodebook.istio-e2e-w0#6.0']);
    expect(seen).not.toEqual(expected);
  });

  test("a match's own name behind the route's is not part of the sign", () => {
    const { seen } = marks(rule, { routes: [routeTable('3000', 'nodebook.istio-e2e-w0#7.0.by-header')] }, scene());
    expect(seen).toEqual(['nodebook.istio-e2e-w0#7.0']);
  });

  test('routes of a neighbour whose name is longer are not taken for its own', () => {
    expect(marks(rule, { routes: [routeTable('3000', 'other-nodebook.istio-e2e-w0#7.0')] }, scene()).seen).toEqual([]);
  });

  test('without gateways it concerns the sidecars, with them the proxies behind these', () => {
    const gateway = made('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [] });
    const behind = made('VirtualService', 'v', { gateways: ['gw'] });
    const both = made('VirtualService', 'v', { gateways: ['gw', 'mesh'] });
    const involved = (one: Rule, where: Scene) => kindOf(one).involved(one, where);
    expect(involved(rule, scene(gateway))).toEqual([sidecar]);
    expect(involved(behind, scene(gateway))).toEqual([view]);
    expect(involved(both, scene(gateway))).toEqual([sidecar, view]);
    expect(() => involved(behind, scene())).toThrow(/GATEWAY_MISSING/);
  });

  describe('with TCP routes, which have no names', () => {
    const to = (subset: string, weight: number) => ({
      destination: { host: 'tcp-echo', subset, port: { number: 9000 } },
      weight,
    });
    const tcp = made('VirtualService', 'echo', {
      tcp: [{ match: [{ port: 31400 }], route: [to('v1', 80), to('v2', 20)] }],
    });
    const cluster = (subset: string) => `outbound|9000|${subset}|tcp-echo.istio-e2e-w0.svc.cluster.local`;
    const leading = (config: object) => ({
      listeners: [listener(8080, { filters: [{ name: 'envoy.filters.network.tcp_proxy', typed_config: config }] })],
    });
    const weighted = (v1: number, v2: number) =>
      leading({
        weighted_clusters: {
          clusters: [
            { name: cluster('v2'), weight: v2 },
            { name: cluster('v1'), weight: v1 },
          ],
        },
      });

    test("the weights in the listener of the gateway's port are the sign", () => {
      const { expected, seen } = marks(tcp, weighted(80, 20), scene());
      expect(expected).toEqual([`8080: ${cluster('v1')} 80, ${cluster('v2')} 20`]);
      expect(seen).toEqual(expected);
      expect(marks(tcp, weighted(50, 50), scene()).seen).not.toEqual(expected);
      expect(marks(tcp, { listeners: [drainingListener(8080)] }, scene()).seen).toEqual([]);
    });

    test('a lone target has all connections', () => {
      const lone = made('VirtualService', 'echo', {
        tcp: [{ match: [{ port: 31400 }], route: [{ destination: to('v1', 100).destination }] }],
      });
      const { expected, seen } = marks(lone, leading({ cluster: cluster('v1') }), scene());
      expect(seen).toEqual(expected);
    });

    test('without a port, or in a sidecar, they are refused', () => {
      const everywhere = made('VirtualService', 'echo', { tcp: [{ route: [to('v1', 100)] }] });
      expect(() => marks(everywhere, {}, scene())).toThrow(/there is none for a tcp route that matches no port/);
      expect(() => marks(tcp, {}, scene(), sidecar)).toThrow(/there is none for tcp routes of a sidecar/);
    });
  });
});

describe('DestinationRule', () => {
  const subsets = [{ name: 'v3' }, { name: 'v4' }];
  const plain = made('DestinationRule', 'nodebook', { host: 'nodebook', subsets });
  const arrived = { clusters: [cluster('', 'nodebook'), cluster('v3', 'nodebook'), cluster('v4', 'nodebook')] };

  test('its clusters name it and their subsets', () => {
    const { expected, seen } = marks(plain, arrived, scene());
    expect(expected).toEqual(['the whole service: no limits', 'subset v3: no limits', 'subset v4: no limits']);
    expect(seen).toEqual(expected);
  });

  test('a cluster of another rule is not seen', () => {
    expect(marks(plain, { clusters: [cluster('v3', 'other')] }, scene()).seen).toEqual([]);
  });

  test('limits are part of the sign', () => {
    const trafficPolicy = {
      connectionPool: { tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1, maxRequestsPerConnection: 1 } },
      outlierDetection: { consecutive5xxErrors: 1, interval: '1s', baseEjectionTime: '3m', maxEjectionPercent: 100 },
    };
    const limited = made('DestinationRule', 'nodebook', {
      host: 'nodebook',
      subsets: [{ name: 'v3' }, { name: 'v4', trafficPolicy }],
    });
    const v4 = cluster('v4', 'nodebook', {
      circuit_breakers: {
        thresholds: [
          { max_connections: 1, max_pending_requests: 1, max_requests: 4294967295, max_retries: 4294967295 },
        ],
      },
      outlier_detection: { consecutive_5xx: 1, interval: '1s', base_ejection_time: '180s', max_ejection_percent: 100 },
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          common_http_protocol_options: { max_requests_per_connection: 1 },
        },
      },
    });
    const { expected, seen } = marks(
      limited,
      { clusters: [cluster('', 'nodebook'), cluster('v3', 'nodebook'), v4] },
      scene(),
    );
    expect(expected[2]).toBe(
      'subset v4: connections 1, pending 1, requests per connection 1, 5xx to ejection 1, ejection check every 1 s, ejected for 180 s, ejected at most % 100',
    );
    expect(seen).toEqual(expected);
    expect(marks(limited, arrived, scene()).seen).not.toEqual(expected);
  });

  test('a policy that does not show is refused', () => {
    const hidden = made('DestinationRule', 'nodebook', {
      host: 'nodebook',
      trafficPolicy: { loadBalancer: { simple: 'RANDOM' } },
    });
    expect(() => kindOf(hidden).expected(hidden, scene(), view)).toThrow(
      /there is none for trafficPolicy.loadBalancer/,
    );
  });

  test('it concerns the gateways as soon as a Gateway uses them', () => {
    const gateway = made('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [] });
    expect(kindOf(plain).involved(plain, scene())).toEqual([sidecar]);
    expect(kindOf(plain).involved(plain, scene(gateway))).toEqual([sidecar, view]);
  });
});

describe('ServiceEntry', () => {
  const rule = made('ServiceEntry', 'nobody', {
    hosts: ['nobody.example.com'],
    ports: [{ number: 80 }, { number: 3000 }],
  });
  const outside = (port: number, host: string) => ({ cluster: { name: `outbound|${port}||${host}` } });

  test('every port of every host is a cluster', () => {
    const clusters = [80, 3000].map((port) => outside(port, 'nobody.example.com'));
    const { expected, seen } = marks(rule, { clusters }, scene());
    expect(expected).toEqual(['port 80 of nobody.example.com', 'port 3000 of nobody.example.com']);
    expect(seen).toEqual(expected);
  });

  test('a cluster of another host, or of a subset, is not seen', () => {
    const subset = { cluster: { name: 'outbound|80|v1|nobody.example.com' } };
    expect(marks(rule, { clusters: [outside(80, 'somebody.example.com'), subset] }, scene()).seen).toEqual([]);
  });
});

describe('sidecars of programs that ask others', () => {
  const page = proxyShowing();
  const where = { ...scene(), sidecars: [sidecar, page], asks: new Map([[page, ['reviews', 'ratings']]]) };
  const involved = (rule: Rule) => kindOf(rule).involved(rule, where);

  test('concern only the rules for whom they ask', () => {
    expect(involved(made('VirtualService', 'v', { hosts: ['reviews'] }))).toEqual([sidecar, page]);
    expect(involved(made('VirtualService', 'v', { hosts: ['nodebook'] }))).toEqual([sidecar]);
    expect(involved(made('VirtualService', 'v', { hosts: ['*'] }))).toEqual([sidecar, page]);
    expect(involved(made('DestinationRule', 'd', { host: 'ratings.istio-e2e-w0.svc.cluster.local' }))).toEqual([
      sidecar,
      page,
    ]);
    expect(involved(made('DestinationRule', 'd', { host: 'nodebook' }))).toEqual([sidecar]);
  });
});

describe('Gateway', () => {
  const server = (number: number, protocol: string, extra: object = {}) => ({
    port: { number, name: protocol.toLowerCase(), protocol },
    hosts: ['a.example.com'],
    ...extra,
  });
  const plain = made('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [server(80, 'HTTP')] });
  const other = made('Gateway', 'other', { selector: { istio: 'ingress' }, servers: [server(8080, 'HTTP')] });
  const open = { listeners: [listener(8080, plainChain('http.8080'))] };

  test('a plain server opens the listener to which the Service leads', () => {
    const { expected, seen } = marks(plain, open, scene(plain));
    expect(expected).toEqual(['listener on 8080']);
    expect(seen).toEqual(expected);
  });

  test('it is gone when the listener only drains', () => {
    expect(marks(plain, { listeners: [drainingListener(8080)] }, scene()).seen).toEqual([]);
  });

  test('a listener that another Gateway needs does not keep it in force', () => {
    expect(marks(plain, open, scene(other)).seen).toEqual([]);
    expect(marks(plain, open, scene()).seen).toEqual(['listener on 8080']);
  });

  test('its going cannot be seen on a gateway that others use', () => {
    const shared = { ...scene(plain), gateways: [{ ...ingress, shared: true }] };
    expect(kindOf(plain).involved(plain, shared)).toEqual([view]);
    expect(kindOf(plain).involvedInLeaving?.(plain, shared)).toEqual([]);
  });

  test('a TCP server opens nothing itself: its route has the sign', () => {
    const tcp = made('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [server(31400, 'TCP')] });
    expect(marks(tcp, {}, scene(tcp))).toEqual({ expected: [], seen: [] });
  });

  describe('with TLS', () => {
    const secure = made('Gateway', 'gw', {
      selector: { istio: 'ingress' },
      servers: [server(443, 'HTTPS', { tls: { mode: 'SIMPLE', credentialName: 'credential' } })],
    });
    const kept: Rule = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'credential' },
      data: { 'tls.crt': Buffer.from('PEM\n').toString('base64') },
    };
    const chain = tlsChain('a.example.com', 'https.443.https.gw.istio-e2e-w0', 'kubernetes://credential');
    const showing = (pem: string): Dump => ({
      listeners: [listener(8443, chain)],
      secrets: [secret('kubernetes://credential', pem)],
    });

    test('host and certificate are part of the sign', () => {
      const { expected, seen } = marks(secure, showing('PEM\n'), scene(secure, kept));
      expect(expected).toEqual([
        expect.stringMatching(/^TLS on 8443 for a.example.com with certificate [0-9a-f]{12}$/),
      ]);
      expect(seen).toEqual(expected);
    });

    test('an older certificate is not the expected one', () => {
      const { expected, seen } = marks(secure, showing('OLD'), scene(secure, kept));
      expect(seen).not.toEqual(expected);
    });

    test('a secret that is not there is named at once', () => {
      expect(() => marks(secure, showing('PEM'), scene(secure))).toThrow(
        /there is no secret credential \[SECRET_MISSING\]/,
      );
    });

    test('the filter chain of another Gateway is not seen', () => {
      const others = tlsChain('a.example.com', 'https.443.https.other.istio-e2e-w0', 'kubernetes://credential');
      expect(marks(secure, { listeners: [listener(8443, others)] }, scene(secure, kept)).seen).toEqual([]);
    });
  });

  test.each([
    [server(27018, 'MONGO'), /a server of protocol MONGO/],
    [server(443, 'HTTPS', { tls: { mode: 'PASSTHROUGH' } }), /tls mode PASSTHROUGH/],
  ])('what has no sign is refused', (unseen, words) => {
    const rule = made('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [unseen] });
    expect(() => kindOf(rule).expected(rule, scene(rule), view)).toThrow(words);
  });
});
