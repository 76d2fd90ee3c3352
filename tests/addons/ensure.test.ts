import { expect, test } from 'vitest';
import type { AddOnName, Supply } from '../../mesh/addons/catalogue.ts';
import { ensureAddOns } from '../../mesh/addons/ensure.ts';
import type { ImageLoader } from '../../mesh/cluster/loader.ts';
import { HarnessError } from '../../mesh/errors.ts';
import { Kube } from '../../mesh/kube/kube.ts';
import type { KubeObject, ObjectRef, Selection } from '../../mesh/kube/objects.ts';
import { quiet } from '../../mesh/say.ts';
import { packagesSource } from '../../mesh/source/packages/packages.ts';
import { newRun } from '../../mesh/world/run.ts';

const path = ({ kind, metadata }: ObjectRef) => `${kind} ${metadata.name}`;

/** Keeps what is applied, and has every deployment ready at once. */
class Keeping extends Kube {
  readonly objects = new Map<string, KubeObject>();
  override apply(object: KubeObject): Promise<KubeObject> {
    const replicas = { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1, replicas: 1 };
    this.objects.set(path(object), object.kind === 'Deployment' ? { ...object, status: replicas } : object);
    return Promise.resolve(object);
  }
  override get(ref: ObjectRef): Promise<KubeObject | undefined> {
    return Promise.resolve(this.objects.get(path(ref)));
  }
  override list({ kind }: Selection): Promise<readonly KubeObject[]> {
    return Promise.resolve([...this.objects.values()].filter((one) => one.kind === kind));
  }
}

const loader: ImageLoader = { nameFor: (name) => name, istio: (images) => images, load: () => Promise.resolve() };
const broken = new HarnessError({
  code: 'DOWNLOAD_FAILED',
  blame: 'environment',
  doing: 'Fetching',
  seen: 'nothing',
  next: 'wait',
});

async function ensured(addOn: (name: AddOnName) => Promise<Supply>, before: readonly KubeObject[] = []) {
  const kube = new Keeping(undefined as never);
  for (const object of before) await kube.apply(object);
  const source = { ...packagesSource(), addOn };
  const states = await ensureAddOns({ kube, loader, source, istio: '1.31.1', run: newRun() }, quiet);
  return { kube, states };
}

test('what can be had is brought, and what cannot says why', async () => {
  const { states, kube } = await ensured((name) =>
    Promise.resolve(name === 'kiali' ? { lacking: 'nowhere' } : { image: `${name}:1` }),
  );
  expect(states.prometheus).toEqual({ state: 'ready' });
  expect(states.kiali).toEqual({ state: 'lacking', reason: 'nowhere' });
  expect([...kube.objects.keys()]).toContain('Deployment zipkin');
  expect([...kube.objects.keys()]).not.toContain('Deployment kiali');
});

test('one that fails harms no other', async () => {
  const { states } = await ensured((name) =>
    name === 'prometheus' ? Promise.reject(broken) : Promise.resolve({ image: `${name}:1` }),
  );
  expect(states.prometheus).toEqual({ state: 'failed', reason: 'Fetching: nothing [DOWNLOAD_FAILED]' });
  expect(states.zipkin).toEqual({ state: 'ready' });
});

test("a Service of somebody else's is left alone too: it may lead to another program", async () => {
  const zipkin = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'zipkin', namespace: 'istio-system' } };
  const selector = { app: 'jaeger' };
  const { states, kube } = await ensured(
    (name) => Promise.resolve({ image: `${name}:1` }),
    [{ ...zipkin, spec: { selector } }],
  );
  expect(states.zipkin).toEqual({
    state: 'lacking',
    reason: "somebody else's Service istio-system/zipkin stands there, and is left alone",
  });
  expect(kube.objects.get('Service zipkin')).toMatchObject({ spec: { selector } });
  expect([...kube.objects.keys()]).not.toContain('Deployment zipkin');
});

test("somebody else's is left alone, and said to be", async () => {
  const theirs = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'grafana', namespace: 'istio-system' },
  };
  const spec = { replicas: 1, template: { metadata: {} } };
  const { states, kube } = await ensured((name) => Promise.resolve({ image: `${name}:1` }), [{ ...theirs, spec }]);
  expect(states.grafana).toMatchObject({
    state: 'lacking',
    reason: expect.stringContaining("somebody else's") as string,
  });
  expect(kube.objects.get('Deployment grafana')).toMatchObject({ spec });
});
