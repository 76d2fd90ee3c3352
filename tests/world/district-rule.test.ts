import { expect, test } from 'vitest';
import type { Kube } from '../../mesh/kube/kube.ts';
import type { KubeObject } from '../../mesh/kube/objects.ts';
import type { Dump } from '../../mesh/proxy/dump.ts';
import { RuleNeverArrived } from '../../mesh/rules/arrival.ts';
import type { Turns } from '../../mesh/rules/turns.ts';
import { loneRequests } from '../../mesh/world/district-rule.ts';
import { names } from '../../mesh/world/names.ts';
import { cluster, proxyShowing } from '../proxy/dumps.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

const namespace = 'istio-e2e-w0';
const without = { clusters: [cluster('', 'another')] };
const shaped = {
  clusters: [
    cluster('', 'one-request-per-connection', {
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          common_http_protocol_options: { max_requests_per_connection: 1 },
        },
      },
    }),
  ],
};

/** A district, and what happens in it, in its order. */
function district(there: readonly KubeObject[], ...dumps: readonly Dump[]) {
  const steps: string[] = [];
  const applied: KubeObject[] = [];
  const kube: Pick<Kube, 'get' | 'apply'> = {
    get: (ref) => Promise.resolve(there.find(({ metadata }) => metadata.name === ref.metadata.name)),
    apply: (object) => {
      steps.push('applied');
      applied.push(object);
      return Promise.resolve(object);
    },
  };
  const turns: Turns = async (work) => {
    steps.push('turn begins');
    const result = await work();
    steps.push('turn ends');
    return result;
  };
  const sidecar = proxyShowing(...dumps);
  const read: typeof sidecar.read = (...sections) => {
    steps.push('looked');
    return sidecar.read(...sections);
  };
  const place = {
    kube,
    namespace,
    sidecars: [{ ...sidecar, read }],
    turns,
    run: { id: 'r1', host: 'here', pid: 1 },
    patience: { within: 1000, clock: fakeClock() },
  };
  return { place, steps, applied };
}

test('the rule of a new district comes in a turn, which ends when the proxies have it', async () => {
  const { place, steps, applied } = district([], without, shaped);
  await loneRequests(place);
  expect(steps).toEqual(['turn begins', 'applied', 'looked', 'looked', 'looked', 'turn ends']);
  expect(applied).toMatchObject([
    {
      kind: 'DestinationRule',
      metadata: { namespace, labels: { [names.fixed]: 'true', [names.run]: 'r1', [names.managedBy]: names.manager } },
    },
  ]);
});

const there = { apiVersion: 'v1', kind: 'DestinationRule', metadata: { name: 'one-request-per-connection' } };

test('where it is, it is awaited all the same', async () => {
  const { place, steps } = district([there], without, shaped);
  await loneRequests(place);
  expect(steps).toEqual(['looked', 'looked', 'looked']);
});

test('where it is, a sidecar that never gets it is named too', async () => {
  const { place } = district([there], without);
  await expect(loneRequests(place)).rejects.toThrow(RuleNeverArrived);
});

test('a sidecar that never gets it is named', async () => {
  const { place } = district([], without);
  await expect(loneRequests(place)).rejects.toThrow(RuleNeverArrived);
  await expect(loneRequests(place)).rejects.toThrow('DestinationRule one-request-per-connection never reached pod');
});
