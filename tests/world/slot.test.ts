import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import type { KubeObject } from '../../mesh/kube/objects.ts';
import { objectsOfApp, readContents } from '../../mesh/world/contents.ts';
import { names } from '../../mesh/world/names.ts';
import { isAlive, newRun, parseRun, type Run } from '../../mesh/world/run.ts';
import { flawOf } from '../../mesh/world/slot.ts';
import { runBeside } from '../fakes/run-beside.ts';

const ours = newRun();
const dead: Run = { id: 'old', host: hostname(), pid: spawnSync(process.execPath, ['-e', '']).pid };
const slot = (annotations: Record<string, string>, extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'istio-e2e-w0', labels: { [names.managedBy]: names.manager }, annotations, ...extra },
});
const complete = { [names.contents]: 'abc' };
const flaw = (namespace: KubeObject | undefined) => flawOf(namespace, { hash: 'abc' }, ours);

test.each([
  ['a complete one is reused', slot(complete), undefined],
  ['one that this run has claimed is reused', slot({ ...complete, [names.claim]: JSON.stringify(ours) }), undefined],
  ['there is none', undefined, 'is missing'],
  ['half made', slot({}), 'is half made'],
  ['other apps', slot({ [names.contents]: 'xyz' }), 'holds other apps or versions'],
  ['on its way out', slot(complete, { deletionTimestamp: 'now' }), 'is being deleted'],
  [
    'claimed by a dead run',
    slot({ ...complete, [names.claim]: JSON.stringify(dead) }),
    'was claimed by run old, which died',
  ],
])('%s', (_, namespace, expected) => {
  expect(flaw(namespace)).toBe(expected);
});

test('the slot of a run that is alive is refused', () => {
  const alive = runBeside('another');
  expect(() => flaw(slot({ ...complete, [names.claim]: JSON.stringify(alive) }))).toThrow(
    /run another .* works in it \[SLOT_TAKEN\]/,
  );
});

test('a namespace of somebody else is not touched', () => {
  const foreign = slot(complete, { labels: {} });
  expect(() => flaw(foreign)).toThrow(/NAMESPACE_NOT_OURS/);
});

test('of a process on another machine nothing can be known', () => {
  expect(isAlive({ ...dead, host: 'elsewhere.example.com' })).toBe(true);
  expect(isAlive(dead)).toBe(false);
  expect(parseRun('not json')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a process that has got the number of a dead run is not taken for it', () => {
  expect(isAlive(ours)).toBe(true);
  expect(isAlive({ ...ours, started: 'an earlier boot' })).toBe(false);
  const { id, host, pid } = ours;
  // One that an older version of the harness wrote: only the number is known.
  expect(isAlive({ id, host, pid })).toBe(true);
});

const handle = {
  istioVersion: '1.31.1',
  kubernetesVersion: '1.36.3',
  images: Object.fromEntries(
    ['bookinfo', 'httpbin', 'kubia', 'nodebook', 'prober', 'tcp-echo', 'web'].map((app) => [app, `istio-e2e/${app}:1`]),
  ),
} as unknown as ClusterHandle;

test('a slot holds every app, and its own ingress gateway', async () => {
  const objects = (await readContents(handle)).objectsFor('istio-e2e-w3', { [names.run]: 'r1' });
  const deployments = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
  expect(deployments).toEqual(
    expect.arrayContaining([
      'nodebook-v3',
      'nodebook-v4',
      'kubia-server',
      'kubia-server-v2',
      'prober',
      'prober-plain',
      'ingress',
    ]),
  );
  expect(
    objects.every(({ metadata }) => metadata.namespace === 'istio-e2e-w3' && metadata.labels?.[names.run] === 'r1'),
  ).toBe(true);
});

test('httpbin comes only when it is asked for, then with the image of the cluster', async () => {
  const objects = (await readContents(handle)).objectsFor('istio-e2e-w3', {});
  expect(objects.filter(({ metadata }) => metadata.name === 'httpbin')).toEqual([]);
  const images = { httpbin: 'istio-e2e/httpbin:1' };
  const brought = await objectsOfApp({ images }, 'httpbin', 'istio-e2e-w3', { [names.managedBy]: names.manager });
  const deployment = brought.find(({ kind }) => kind === 'Deployment');
  expect(brought.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Service', 'Deployment']);
  expect(deployment).toMatchObject({
    metadata: { namespace: 'istio-e2e-w3', labels: { app: 'httpbin', [names.managedBy]: names.manager } },
    spec: { template: { spec: { containers: [{ name: 'httpbin', image: 'istio-e2e/httpbin:1' }] } } },
  });
});

test('a slot is another with other httpbins, though they come later, and with other settings of the mesh', async () => {
  const hashWith = async (change: object) => (await readContents({ ...handle, ...change })).hash;
  const hash = await hashWith({});
  expect(await hashWith({})).toBe(hash);
  expect(await hashWith({ images: { ...handle.images, httpbin: 'istio-e2e/httpbin:2' } })).not.toBe(hash);
  expect(await hashWith({ upstreamEnvoy: true })).not.toBe(hash);
});

test('its images are those of the cluster, and its gateway is unlike any other', async () => {
  const ingress = (await readContents(handle))
    .objectsFor('istio-e2e-w3', {})
    .find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ingress');
  expect(ingress).toMatchObject({
    spec: {
      selector: { matchLabels: { app: 'ingress' } },
      template: {
        metadata: { labels: { app: 'ingress', istio: 'ingress-istio-e2e-w3', 'sidecar.istio.io/inject': 'true' } },
        spec: {
          containers: [
            { name: 'istio-proxy', image: 'auto' },
            { name: 'prober', image: 'istio-e2e/prober:1' },
          ],
        },
      },
    },
  });
});

test('any image or version makes another slot of it', async () => {
  const hash = async (change: object) => (await readContents({ ...handle, ...change })).hash;
  const hashes = [
    await hash({}),
    await hash({ istioVersion: '1.31.2' }),
    await hash({ images: { ...handle.images, kubia: 'istio-e2e/kubia:2' } }),
  ];
  expect(new Set(hashes).size).toBe(3);
  expect(await hash({})).toBe(hashes[0]);
});

test('an image that was not loaded is named', async () => {
  await expect(readContents({ ...handle, images: {} })).rejects.toThrow(
    /an image for app kubia.*\[IMAGE_MISSING\]|IMAGE_MISSING/s,
  );
});

test('a slot that an earlier run of the same process could not give back is made anew', () => {
  const earlier = JSON.stringify({ ...ours, id: 'earlier' });
  expect(flaw(slot({ ...complete, [names.claim]: earlier }))).toBe('was claimed by run earlier, which died');
});
