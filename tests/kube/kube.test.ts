import { expect, test } from 'vitest';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import { connect } from '../../mesh/kube/kube.ts';
import { deploymentsReady } from '../../mesh/kube/deployments.ts';
import { followLog } from '../../mesh/kube/diagnosis.ts';
import { podsOf } from '../../mesh/kube/pods.ts';
import { converge } from '../../mesh/waiting/converge.ts';
import { fakeClock } from '../waiting/fake-clock.ts';
import { cluster } from './api-server.ts';

const gateway = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'gw', namespace: 'ns' } };

test('an object is applied on the server, by force, under our name', async () => {
  await using there = await cluster(() => ({ status: 200, body: gateway }));
  await there.kube.apply(gateway);
  const { method, path, headers, body } = there.server.seen.at(-1) ?? {};
  expect(method).toBe('PATCH');
  expect(path).toBe('/apis/networking.istio.io/v1/namespaces/ns/gateways/gw?fieldManager=istio-e2e&force=true');
  expect(headers).toMatchObject({
    'content-type': 'application/apply-patch+yaml',
    authorization: 'Bearer secret-word',
  });
  expect(JSON.parse(body ?? '')).toEqual(gateway);
});

test('the kinds of a group are asked for once', async () => {
  await using there = await cluster(() => ({ status: 200, body: gateway }));
  await Promise.all([there.kube.apply(gateway), there.kube.apply(gateway), there.kube.get(gateway)]);
  expect(there.server.seen.filter(({ path }) => path === '/apis/networking.istio.io/v1')).toHaveLength(1);
});

test('what is not there is undefined, and removing it is no error', async () => {
  await using there = await cluster(() => ({ status: 404, body: { message: 'not found' } }));
  expect(await there.kube.get(gateway)).toBeUndefined();
  expect(await there.kube.remove(gateway)).toBe(false);
});

test('a refusal says what was being done and why', async () => {
  const message = 'admission webhook "validation.istio.io" denied the request: hosts is required';
  await using there = await cluster(() => ({ status: 400, body: { message } }));
  await expect(there.kube.apply(gateway)).rejects.toThrow(
    `Applying Gateway ns/gw: the API server answered 400: ${message} [KUBE_REFUSED]`,
  );
});

test('what is refused for several reasons is told in one line, with its code', async () => {
  const message = 'admission webhook denied the request: 2 errors occurred:\n\t* no hosts\n\t* no routes\n\n';
  await using there = await cluster(() => ({ status: 400, body: { message } }));
  const said = await there.kube.apply(gateway).catch((error: unknown) => String(error));
  expect(said).toMatch(/^.* denied the request: 2 errors occurred: \* no hosts \* no routes \[KUBE_REFUSED\]\n/);
});

test.each([
  ['another change came first', 409],
  ['it came too late', 408],
  ['there are too many', 429],
])('where %s (%d) nothing is said of what was sent', async (_, status) => {
  await using there = await cluster(() => ({ status, body: { message: 'not now' } }));
  await expect(there.kube.apply(gateway)).rejects.toThrow(/not now \[KUBE_FAILED\]/);
});

test.each([
  ['whose certificate nobody knows', 'tls: failed to verify certificate: x509: unknown authority', 'WEBHOOK_BROKEN'],
  ['that fails', 'an error on the server ("boom") has prevented the request from succeeding', 'WEBHOOK_BROKEN'],
  ['that hangs up', 'EOF', 'KUBE_FAILED'],
  ['that nobody serves', 'dial tcp 10.96.1.1:443: connect: connection refused', 'KUBE_FAILED'],
  ['that does not answer', 'context deadline exceeded', 'KUBE_FAILED'],
])('a webhook of Istio %s: %s is %s', async (_, why, code) => {
  const message = `Internal error occurred: failed calling webhook "rev.validation.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/validate?timeout=10s": ${why}`;
  await using there = await cluster(() => ({ status: 500, body: { message } }));
  await expect(there.kube.apply(gateway)).rejects.toThrow(new RegExp(` \\[${code}\\]\n`));
});

test('an API server that asks to be asked again is asked again', async () => {
  let asked = 0;
  await using there = await cluster(() => {
    asked += 1;
    if (asked > 1) return { status: 200, body: gateway };
    return { status: 429, body: { message: 'storage is (re)initializing' }, headers: { 'retry-after': '0' } };
  });
  expect(await there.kube.get(gateway)).toMatchObject({ kind: 'Gateway' });
  expect(asked).toBe(2);
});

test('a kind that the cluster does not know is said to be unknown', async () => {
  await using there = await cluster(() => ({ status: 404, body: {} }));
  const mesh = { ...gateway, apiVersion: 'nobody.example.com/v1', kind: 'Mesh' };
  await expect(there.kube.get(mesh)).rejects.toThrow(/the cluster serves no such kind \[KIND_UNKNOWN\]/);
});

test('a pod is reached through the API server', async () => {
  await using there = await cluster(() => ({ status: 200, body: 'LIVE' }));
  const reply = await there.kube.pod('ns', 'prober-1', 8099).send({ method: 'GET', path: '/envoy/ready?x=1' });
  expect(reply).toEqual({ status: 200, text: 'LIVE' });
  expect(there.server.seen.at(-1)?.path).toBe('/api/v1/namespaces/ns/pods/prober-1:8099/proxy/envoy/ready?x=1');
});

test('a log is followed until nobody wants to know more', async () => {
  await using there = await cluster(() => ({ status: 200, body: 'a line' }));
  const log = followLog(there.kube, 'ns', 'prober-1', 'istio-proxy');
  const { last } = await converge(
    () => Promise.resolve(log.text()),
    (text) => text !== '',
    { within: 5_000 },
  );
  await log[Symbol.asyncDispose]();
  expect(last).toBe('a line');
  expect(there.server.seen.at(-1)?.path).toBe(
    '/api/v1/namespaces/ns/pods/prober-1/log?container=istio-proxy&timestamps=true&follow=true&sinceSeconds=20',
  );
});

test('a log that cannot be read says so to whoever ends it', async () => {
  await using there = await cluster(() => ({ status: 404, body: { message: 'pods "prober-1" not found' } }));
  const log = followLog(there.kube, 'ns', 'prober-1', 'istio-proxy');
  await converge(
    () => Promise.resolve(there.server.seen.length),
    (calls) => calls > 0,
    { within: 5_000 },
  );
  const ended = converge(
    () => Promise.resolve(0),
    () => false,
    { within: 200 },
  ).then(() => log[Symbol.asyncDispose]());
  await expect(ended).rejects.toThrow(/Reading the log of istio-proxy in ns\/prober-1.*not found \[KUBE_FAILED\]/);
});

test('only the context that was named is used', async () => {
  await using there = await cluster(() => ({ status: 200, body: {} }));
  const handle = { kubeconfig: there.kubeconfig, context: 'nobodys' } as ClusterHandle;
  await expect(connect(handle)).rejects.toThrow(/Reading context nobodys: the file has no such context/);
  await expect(connect({ ...handle, kubeconfig: '/nowhere' })).rejects.toThrow(/KUBECONFIG_UNUSABLE/);
});

test('pods on their way out are left aside, and native sidecars are containers', async () => {
  const pod = (name: string, metadata: object) => ({
    metadata: { name, namespace: 'ns', uid: name, ...metadata },
    spec: { containers: [{ name: 'app' }], initContainers: [{ name: 'istio-proxy' }] },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const items = [pod('a', {}), pod('b', { deletionTimestamp: '2026-11-20T19:55:56Z' })];
  await using there = await cluster(() => ({ status: 200, body: { items } }));
  const pods = await podsOf(there.kube, { namespace: 'ns', labels: { app: 'x', version: 'v1' } });
  expect(pods).toMatchObject([{ name: 'a', ready: true, containers: ['app', 'istio-proxy'], ip: '10.0.0.1' }]);
  expect(there.server.seen.at(-1)?.path).toBe('/api/v1/namespaces/ns/pods?labelSelector=app%3Dx%2Cversion%3Dv1');
});

const deployment = (replicas: number, status: object) => ({
  metadata: { name: 'nodebook-v4', generation: 1 },
  spec: { replicas, template: { metadata: { labels: { version: 'v4' } } } },
  status: { observedGeneration: 1, ...status },
});

test('a deployment that asks for nothing has what it asks for', async () => {
  await using there = await cluster(() => ({ status: 200, body: { items: [deployment(0, {})] } }));
  const ready = await deploymentsReady(there.kube, 'ns', { within: 0, stalled: 0, clock: fakeClock() });
  expect(ready).toMatchObject([{ name: 'nodebook-v4', wanted: 0, ready: 0, settled: true }]);
});

test('deployments that do not get ready are named', async () => {
  await using there = await cluster(() => ({
    status: 200,
    body: { items: [deployment(2, { replicas: 2, readyReplicas: 1 })] },
  }));
  const waiting = deploymentsReady(there.kube, 'ns', { within: 100, stalled: 1000, clock: fakeClock() });
  await expect(waiting).rejects.toThrow(/nodebook-v4 1 of 2 \(after 0.1 s\) \[DEPLOYMENTS_NOT_READY\]/);
});

test('of deployments whose pods nobody may make the newest warning says why', async () => {
  const event = (at: string, type: string, message: string) => ({
    metadata: { name: 'e', creationTimestamp: at },
    type,
    reason: 'FailedCreate',
    message,
    involvedObject: { kind: 'ReplicaSet', name: 'nodebook-v4-1' },
  });
  const events = [
    event('2026-11-23T05:00:02Z', 'Warning', 'violates PodSecurity "restricted"'),
    event('2026-11-23T05:00:03Z', 'Normal', 'scaled up'),
    event('2026-11-23T05:00:01Z', 'Warning', 'earlier'),
  ];
  await using there = await cluster(({ path }) => {
    if (path.includes('/events')) return { status: 200, body: { items: events } };
    return { status: 200, body: { items: path.includes('/deployments') ? [deployment(1, {})] : [] } };
  });
  const waiting = deploymentsReady(there.kube, 'ns', { within: 100, stalled: 1000, clock: fakeClock() });
  await expect(waiting).rejects.toThrow(
    'nodebook-v4 0 of 1; ReplicaSet nodebook-v4-1: FailedCreate, violates PodSecurity "restricted"',
  );
});

test('deployments are given up when none gets on, not when all together take long', async () => {
  let looks = 0;
  await using there = await cluster(() => {
    looks += 1;
    return { status: 200, body: { items: [deployment(20, { replicas: 20, readyReplicas: Math.min(looks, 10) })] } };
  });
  const waiting = deploymentsReady(there.kube, 'ns', {
    within: 60_000,
    every: 1000,
    stalled: 5000,
    clock: fakeClock(),
  });
  await expect(waiting).rejects.toThrow(/nodebook-v4 10 of 20 \(after 15.0 s\)/);
});

test('the release of an API server is told without the letter', async () => {
  await using there = await cluster(() => ({ status: 200, body: { gitVersion: 'v1.34.2-gke.5' } }));
  expect(await there.kube.version()).toBe('1.34.2-gke.5');
});
