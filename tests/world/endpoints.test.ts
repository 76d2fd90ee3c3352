import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pod } from '../../mesh/kube/pods.ts';
import { endpointsKnown } from '../../mesh/world/endpoints.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const pod = { name: 'httpbin-1', namespace: 'foo', ip: '10.244.0.9' } as Pod;
const own = 'outbound|8000||httpbin.foo.svc.cluster.local';
const served = [{ service: 'httpbin', pods: [pod] }];

function cluster(name: string, health = 'HEALTHY', address = pod.ip) {
  const host = { address: { socket_address: { address } }, health_status: { eds_health_status: health } };
  return { name, host_statuses: [host] };
}

function relay(...clusters: readonly object[]) {
  const text = JSON.stringify({ cluster_statuses: clusters });
  return {
    peer: 'pod gateway',
    send: () => Promise.resolve({ status: 200, text }),
    open: () => Promise.reject(new Error()),
  };
}

async function outcome(...clusters: readonly object[]): Promise<string> {
  const looked = endpointsKnown(relay(...clusters) as never, served).then(
    () => 'known',
    (error: unknown) => String(error),
  );
  await vi.advanceTimersByTimeAsync(30_000);
  return looked;
}

test('knows a pod by a healthy endpoint of its own service', async () => {
  expect(await outcome(cluster(own))).toBe('known');
});

test.each([
  ['its address stands in another service, whose pod had it before', cluster('outbound|80||old.foo.svc.cluster.local')],
  [
    'its address stands in the same service of another namespace',
    cluster('outbound|8000||httpbin.bar.svc.cluster.local'),
  ],
  ['it stands only in a subset', cluster('outbound|8000|v1|httpbin.foo.svc.cluster.local')],
  ['it is not healthy yet', cluster(own, 'UNHEALTHY')],
  ['its service has another pod', cluster(own, 'HEALTHY', '10.244.0.8')],
  ['its service has no endpoints', { name: own }],
])('does not take a pod for known when %s', async (_, found) => {
  expect(await outcome(found)).toContain('it does not know httpbin-1');
});

test('wants it at every port of its service', async () => {
  const second = 'outbound|8001||httpbin.foo.svc.cluster.local';
  expect(await outcome(cluster(own), { name: second })).toContain('it does not know httpbin-1');
  expect(await outcome(cluster(own), cluster(second))).toBe('known');
});
