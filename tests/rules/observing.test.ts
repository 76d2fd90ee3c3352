import { describe, expect, test } from 'vitest';
import type { Dump } from '../../mesh/proxy/dump.ts';
import { place } from '../../mesh/rules/place.ts';
import { kindOf } from '../../mesh/rules/kinds/registry.ts';
import type { Rule } from '../../mesh/rules/rule.ts';
import type { Scene } from '../../mesh/rules/scene.ts';
import { proxyShowing } from '../proxy/dumps.ts';

const namespace = 'istio-e2e-w0';
const [ratings, prober, atGateway] = [proxyShowing(), proxyShowing(), proxyShowing()];
const scene: Scene = {
  namespace,
  sidecars: [prober, ratings],
  gateways: [{ view: atGateway, labels: { istio: 'ingress-w0' }, shared: false, listenerPort: (port) => port }],
  workloads: [
    { view: ratings, namespace, labels: { app: 'ratings', 'app.kubernetes.io/part-of': 'bookinfo' }, ports: [] },
    { view: prober, namespace, labels: { app: 'prober' }, ports: [] },
  ],
  inForce: [],
};
const expected = (rule: Rule) => kindOf(rule).expected(rule, scene, ratings);
const seen = (rule: Rule, dump: Dump) => kindOf(rule).seen(rule, scene, ratings, dump);

/** A listener that reads requests in some ways, cut down to the fields that are read. */
const reading = (direction: string, ...managers: readonly object[]) => ({
  name: direction,
  active_state: {
    listener: {
      name: direction,
      traffic_direction: direction,
      filter_chains: managers.map((typed_config) => ({
        filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config }],
      })),
    },
  },
});

describe('Telemetry', () => {
  const telemetry = (tracing: object, spec: object = {}): Rule => ({
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'tracing', namespace },
    spec: { tracing: [{ providers: [{ name: 'zipkin' }], ...tracing }], ...spec },
  });
  const half = telemetry({ randomSamplingPercentage: 50 });
  const sampling = (value?: number) => ({ tracing: { random_sampling: value === undefined ? {} : { value } } });

  test('shows its share in everything that reads requests', () => {
    const dump = { listeners: [reading('INBOUND', sampling(50), sampling(50)), reading('OUTBOUND', sampling(50))] };
    expect(seen(half, dump)).toEqual(expected(half));
    expect(expected(half)).toEqual(['50 % of the requests are traced']);
  });

  test('one that is not everywhere has neither come nor gone', () => {
    const dump = { listeners: [reading('INBOUND', sampling(50), {}), reading('OUTBOUND', sampling(100))] };
    expect(seen(half, dump)).toEqual([
      '50 % of the requests are traced, on 1 of 3 ways in',
      '100 % of the requests are traced, on 1 of 3 ways in',
    ]);
    expect(seen(half, { listeners: [reading('INBOUND', {})] })).toEqual([]);
  });

  test('that chooses none is told from none at all', () => {
    const none = telemetry({ randomSamplingPercentage: 0 });
    expect(seen(none, { listeners: [reading('INBOUND', sampling())] })).toEqual(expected(none));
  });

  test('selects by the labels of pods, and the gateway of the tutorials is the own one', () => {
    const involved = (rule: Rule) => kindOf(rule).involved(rule, scene);
    const matchLabels = { 'app.kubernetes.io/part-of': 'bookinfo' };
    expect(involved(telemetry({}, { selector: { matchLabels } }))).toEqual([ratings]);
    expect(involved(half)).toEqual([ratings, prober, atGateway]);
    const selected = telemetry({}, { selector: { matchLabels: { istio: 'ingressgateway' } } });
    const written = { ...selected, metadata: { ...selected.metadata, namespace: 'istio-system' } };
    const gateway = { labels: { istio: 'ingress-w0' }, shared: false };
    expect(involved(place(written, { namespace, labels: {}, gateway, mark: 'a' }))).toEqual([atGateway]);
  });

  test.each([
    ['metrics', telemetry({ randomSamplingPercentage: 1 }, { metrics: [] })],
    ['no share', telemetry({})],
    ['silence', telemetry({ randomSamplingPercentage: 1, disableSpanReporting: true })],
  ])('has no sign for %s', (_, rule) => {
    expect(() => expected(rule)).toThrow(/NO_SIGN/);
  });
});

describe('EnvoyFilter', () => {
  const logger = (...labels: readonly string[]) => ({
    access_log: [
      { name: 'envoy.access_loggers.file', typed_config: {} },
      {
        name: 'envoy.access_loggers.stats',
        typed_config: {
          counters: [{ stat: { name: 'requests', tags: labels.map((name) => ({ name, value_format: `%${name}%` })) } }],
        },
      },
    ],
  });
  const counting = (spec: object, ...labels: readonly string[]): Rule => ({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'counting', namespace },
    spec: {
      workloadSelector: { labels: { app: 'ratings' } },
      configPatches: [{ match: { context: 'SIDECAR_INBOUND' }, patch: { value: { typed_config: logger(...labels) } } }],
      ...spec,
    },
  });

  test('that counts requests shows what it counts them by, on its own side', () => {
    const rule = counting({}, 'code', 'flags');
    expect(expected(rule)).toEqual(['counts requests by code=%code%, flags=%flags%']);
    const dump = { listeners: [reading('INBOUND', logger('code', 'flags')), reading('OUTBOUND', {})] };
    expect(seen(rule, dump)).toEqual(expected(rule));
    expect(seen(rule, { listeners: [reading('INBOUND', logger('code'), {})] })).toEqual([
      'counts requests by code=%code%, on 1 of 2 ways in',
    ]);
    expect(kindOf(rule).involved(rule, scene)).toEqual([ratings]);
  });

  test.each([
    ['whole namespaces', counting({ workloadSelector: {} }, 'code')],
    ['another purpose', counting({ configPatches: [{ patch: { value: {} } }] })],
  ])('has no sign for %s', (_, rule) => {
    expect(() => [...kindOf(rule).involved(rule, scene), ...expected(rule)]).toThrow(/NO_SIGN/);
  });
});
