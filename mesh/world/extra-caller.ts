import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords } from '../kube/objects.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import { Prober, PROBER_PORT } from '../prober/client.ts';
import { viewByRelay } from '../proxy/relay.ts';
import type { ProxyView } from '../proxy/view.ts';
import type { Say } from '../say.ts';
import { converge } from '../waiting/converge.ts';
import { settled } from './contents.ts';
import { endpointsKnown, type Served } from './endpoints.ts';
import { names } from './names.ts';
import type { Run } from './run.ts';

/** A prober with a sidecar that a test brings along, because its pod has to be another than the slot's own. */
export interface ExtraCaller extends AsyncDisposable {
  readonly prober: Prober;
  readonly proxy: ProxyView;
}

export interface ExtraCallerOrder {
  readonly objects: readonly KubeObject[];
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What its proxy has to know before anything is asked. */
  readonly knowing: readonly Served[];
}

/** Makes it and waits for it; with its end the objects are gone. One whose end never came goes at the next run's beginning. */
export async function makeExtraCaller(
  kube: Kube,
  handle: ClusterHandle,
  { objects, namespace, labels, knowing }: ExtraCallerOrder,
): Promise<ExtraCaller> {
  const placed = settled(objects, handle.images, namespace, { ...labels, [names.extra]: 'true' });
  const dispose = async () => {
    await Promise.all(placed.map((object) => kube.remove(object)));
    await podsGone(kube, namespace, nameIn(placed));
  };
  try {
    await Promise.all(placed.map((object) => kube.apply(object)));
    const pod = await onlyPod(kube, namespace, nameIn(placed));
    const http = kube.pod(namespace, pod.name, PROBER_PORT);
    await endpointsKnown(http, knowing);
    const proxy = viewByRelay(namespace, pod.name, http);
    return { prober: new Prober(http), proxy, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Removes those that earlier runs left, and says so: beside one of them the next would be the second, and gone in the middle of a test. */
export async function sweepExtraCallers(kube: Kube, run: Run, say: Say): Promise<void> {
  const labels = { [names.managedBy]: names.manager, [names.extra]: 'true' };
  const found = await kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', labels });
  for (const caller of found.filter(({ metadata }) => metadata.labels?.[names.run] !== run.id)) {
    say.note(`removing ${objectInWords(caller)}, left behind by an earlier run`);
    await kube.remove(caller);
    await podsGone(kube, caller.metadata.namespace ?? '', caller.metadata.name);
  }
}

/** The guard compares the slot before and after each test: a pod that goes later would be charged to the next one. */
async function podsGone(kube: Kube, namespace: string, app: string): Promise<void> {
  const look = () => kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels: { app } });
  await converge(look, (pods) => pods.length === 0, { within: 45_000, every: 250 });
}

/** The name of the deployment, which its pods bear as their label `app`. */
function nameIn(objects: readonly KubeObject[]): string {
  return objects[0]?.metadata.name ?? '';
}

async function onlyPod(kube: Kube, namespace: string, app: string): Promise<Pod> {
  const look = () => readyPodsOf(kube, { namespace, labels: { app } });
  const { last, millis } = await converge(look, (pods) => pods.length === 1, { within: 60_000, every: 250 });
  const [pod] = last;
  if (pod !== undefined) return pod;
  throw new HarnessError({
    code: 'EXTRA_CALLER_NOT_READY',
    blame: 'environment',
    doing: `Bringing the caller ${app} into ${namespace}`,
    expected: `one ready pod with label app=${app}`,
    seen: 'none',
    afterMillis: millis,
    next: `see what became of it: kubectl get pods -n ${namespace} -l app=${app}`,
  });
}
