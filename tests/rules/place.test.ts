import { expect, test } from 'vitest';
import { place, type Place } from '../../mesh/rules/place.ts';
import { parseRules, type Rule } from '../../mesh/rules/rule.ts';

const where: Place = {
  namespace: 'istio-e2e-w1',
  labels: { 'istio-e2e.dev/run': 'r1' },
  gateway: { labels: { istio: 'ingress-istio-e2e-w1' }, shared: false },
  mark: '7',
};
const onShared: Place = { ...where, gateway: { labels: { istio: 'ingressgateway' }, shared: true } };

const rule = (source: string): Rule => {
  const [first] = parseRules(source);
  if (first === undefined) throw new Error('no rule');
  return first;
};

const kubia = rule(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: kubia-vs, namespace: default, labels: { page: kubia } }
spec:
  hosts: ['*']
  gateways: [kubia-service-gateway]
  http:
    - name: by-hand
      match: [{ uri: { prefix: /v2 } }]
      route:
        - destination: { host: kubia-service.default.svc.cluster.local, subset: dr-v2, port: { number: 8080 } }
          weight: 60
        - destination: { host: kubia-service.default.svc.cluster.local, subset: dr-v1, port: { number: 8080 } }
          weight: 40
    - route: [{ destination: { host: nodebook } }]
`);

test('only names, namespaces and who hears of it differ from what is written', () => {
  const placed = place(kubia, where);
  const route = (subset: string, weight: number) => ({
    destination: { host: 'kubia-service.istio-e2e-w1.svc.cluster.local', subset, port: { number: 8080 } },
    weight,
  });
  expect(placed).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'kubia-vs', namespace: 'istio-e2e-w1', labels: { page: 'kubia', 'istio-e2e.dev/run': 'r1' } },
    spec: {
      exportTo: ['.'],
      hosts: ['*'],
      gateways: ['kubia-service-gateway'],
      http: [
        {
          name: 'kubia-vs.istio-e2e-w1#7.0',
          match: [{ uri: { prefix: '/v2' } }],
          route: [route('dr-v2', 60), route('dr-v1', 40)],
        },
        { name: 'kubia-vs.istio-e2e-w1#7.1', route: [{ destination: { host: 'nodebook' } }] },
      ],
    },
  });
});

test('the rule that was read stays as it is', () => {
  const before = structuredClone(kubia);
  place(kubia, where);
  expect(kubia).toEqual(before);
});

test('two applications of one rule bear different signs', () => {
  const names = [where, { ...where, mark: '8' }].map((one) => JSON.stringify(place(kubia, one)).match(/#\d+/)?.[0]);
  expect(names).toEqual(['#7', '#8']);
});

const gateway = (host: string) =>
  rule(`
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: nodebook-gateway }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['${host}'] }]
`);

test("a Gateway selects the worker's own gateway, and keeps its hosts", () => {
  expect(place(gateway('*'), where)['spec']).toEqual({
    selector: { istio: 'ingress-istio-e2e-w1' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
  });
});

test('a selector that is not that of the tutorials stays, and selects whom it selects', () => {
  const misspelt = {
    ...gateway('*'),
    spec: { ...(gateway('*')['spec'] as object), selector: { istio: 'istio-ingressgateway' } },
  };
  expect(place(misspelt, where)['spec']).toMatchObject({ selector: { istio: 'istio-ingressgateway' } });
  const none = { ...misspelt, spec: { servers: [] } };
  expect(place(none, where)['spec']).toEqual({ selector: undefined, servers: [] });
  const written = {
    ...gateway('a.example.com'),
    spec: { ...(gateway('a.example.com')['spec'] as object), selector: { istio: 'egress' } },
  };
  expect(place(written, onShared)['spec']).toMatchObject({ selector: { istio: 'egress' } });
});

test('on a shared gateway the hosts are unique', () => {
  const placed = place(gateway('nodebook.example.com'), onShared)['spec'] as { servers: [{ hosts: string[] }] };
  expect(placed).toMatchObject({ selector: { istio: 'ingressgateway' } });
  expect(placed.servers[0].hosts).toEqual(['istio-e2e-w1.nodebook.example.com']);
});

test('on a shared gateway a star would swallow the hosts of others', () => {
  expect(() => place(gateway('*'), onShared)).toThrow(/HOST_SWALLOWS_OTHERS/);
});

test('a DestinationRule keeps its short host and its policy, and is heard by nobody whom it does not concern', () => {
  const source = rule(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: nodebook }
spec: { host: nodebook, subsets: [{ name: v3, labels: { version: v3 } }] }
`);
  expect(place(source, onShared)['spec']).toEqual({
    ...(source['spec'] as object),
    exportTo: ['.', 'istio-system'],
  });
  expect(place(source, where)['spec']).toEqual({ ...(source['spec'] as object), exportTo: ['.'] });
});
