import { expect, test } from 'vitest';
import { askedBy, containerNamed, withRelay } from '../../mesh/world/askers.ts';

const deployment = (name: string, ...containers: readonly string[]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: { template: { metadata: { labels: {} }, spec: { containers: containers.map((one) => ({ name: one })) } } },
});

test('who asks others, or is read, gets a relay, on a port that is none of the mesh', () => {
  expect(withRelay(deployment('reviews-v2', 'reviews'), { name: 'prober' })).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '8099' } },
        spec: { containers: [{ name: 'reviews' }, { name: 'prober' }] },
      },
    },
  });
});

test('who asks nobody stays as it is written', () => {
  const quiet = deployment('reviews-v1', 'reviews');
  expect(withRelay(quiet, { name: 'prober' })).toBe(quiet);
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'productpage-v1' } };
  expect(withRelay(service, { name: 'prober' })).toBe(service);
});

test('whom a pod asks is read from its labels', () => {
  expect(askedBy({ app: 'reviews', version: 'v3' })).toEqual(['ratings']);
  expect(askedBy({ app: 'ratings', version: 'v1' })).toEqual([]);
  expect(askedBy({ app: 'reviews', version: 'v1' })).toBeUndefined();
  expect(askedBy({})).toBeUndefined();
});

test('the relay is the one that a manifest holds', () => {
  expect(containerNamed([deployment('ingress', 'istio-proxy', 'prober')], 'prober')).toEqual({ name: 'prober' });
  expect(() => containerNamed([deployment('ingress')], 'prober')).toThrow('no manifest has a container prober');
});
