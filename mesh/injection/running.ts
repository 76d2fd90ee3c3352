import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import { eventsIn } from '../kube/diagnosis.ts';
import { runInPod } from '../kube/exec.ts';
import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords, type ObjectRef } from '../kube/objects.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import { dig, isMessage } from '../proxy/dump.ts';
import { converge } from '../waiting/converge.ts';
import type { Room } from '../world/room.ts';
import { redirectionRulesOf } from './look-inside.ts';
import { sidecarAtFault } from './never-ready.ts';

/** A pod that was started for a test, as it was when it became ready. */
export interface Running {
  readonly pod: Pod;
  readonly object: KubeObject;
  /** The same pod, now; undefined where it is gone. */
  now(): Promise<KubeObject | undefined>;
  /** What `iptables-save` prints in its network. */
  redirectionRules(): Promise<string>;
  /** The command line of the process that everything in the proxy's container descends from. */
  firstProcess(): Promise<string>;
}

/** Less than a test has: what is wrong with the pod is to be told, and not that the time is over. */
const LIMIT_MILLIS = 40_000;

/** Starts what the objects describe, one pod, and comes back when it is ready. */
export async function startIn(
  kube: Kube,
  handle: ClusterHandle,
  { namespace }: Room,
  objects: readonly KubeObject[],
): Promise<Running> {
  const placed = objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
  await Promise.all(placed.map((object) => kube.apply(object)));
  const labels = placed.map(podLabels).find((one) => one !== undefined) ?? {};
  const look = () => readyPodsOf(kube, { namespace, labels });
  const { last, millis } = await converge(look, (ready) => ready.length > 0, { within: LIMIT_MILLIS, every: 200 });
  const [pod] = last;
  // Told now, because the namespace goes with the test.
  if (pod === undefined)
    throw (
      (await sidecarAtFault(kube, { namespace, labels }, millis)) ??
      notReady(placed, await eventsIn(kube, namespace, 5), millis)
    );
  const ref = { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod.name, namespace } };
  const object = await kube.get(ref);
  if (object === undefined) throw notReady(placed, 'it is gone', millis);
  return {
    pod,
    object,
    now: () => kube.get(ref),
    redirectionRules: () => redirectionRulesOf(kube, namespace, pod.name),
    firstProcess: async () => {
      const printed = await runInPod(handle, { namespace, pod: pod.name, container: 'istio-proxy' }, [
        'cat',
        '/proc/1/cmdline',
      ]);
      return printed.split('\0').join(' ').trim();
    },
  };
}

/** The same object under another name, so that several of a kind may stand side by side. */
export function called(object: KubeObject, app: string): KubeObject {
  const metadata = { ...object.metadata, name: app, labels: { ...object.metadata.labels, app } };
  const template = dig(object, 'spec', 'template');
  if (!isMessage(template)) return { ...object, metadata };
  const labels = { ...(dig(template, 'metadata', 'labels') as object), app };
  const pod = { ...template, metadata: { ...(template['metadata'] as object), labels } };
  const spec = { ...(object['spec'] as object), selector: { matchLabels: { app } }, template: pod };
  return { ...object, metadata, spec };
}

function podLabels(object: KubeObject): Readonly<Record<string, string>> | undefined {
  if (object.kind === 'Pod') return object.metadata.labels;
  return dig(object, 'spec', 'selector', 'matchLabels') as Readonly<Record<string, string>> | undefined;
}

function notReady(objects: readonly ObjectRef[], seen: string, afterMillis: number): HarnessError {
  return new HarnessError({
    code: 'POD_NOT_READY',
    blame: 'environment',
    doing: `Starting ${objects.map(objectInWords).join(', ')}`,
    expected: 'its pod ready',
    seen,
    afterMillis,
    next: 'read the last events above: they name what the pod lacks',
  });
}
