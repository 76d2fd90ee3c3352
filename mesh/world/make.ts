import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { KubeObject, ObjectRef } from '../kube/objects.ts';
import { converge } from '../waiting/converge.ts';
import type { Contents } from './contents.ts';
import { ownLabels } from './names.ts';

/** A namespace of the harness's, and what belongs into it. */
export interface Site {
  readonly namespace: string;
  /** Of the namespace itself, besides those that say whose it is. */
  readonly labels: Readonly<Record<string, string>>;
  readonly contents: Contents;
}

/** Makes a namespace and all that belongs into it. Its hash is written by whoever sees it complete. */
export async function makeSlot(kube: Kube, { namespace, labels: own, contents }: Site, runId: string): Promise<void> {
  const labels = ownLabels(runId);
  await kube.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { ...labels, ...own } },
  });
  await readyForPods(kube, namespace);
  await Promise.all(contents.objectsFor(namespace, labels).map((object) => kube.apply(object)));
}

/** Deletes a namespace wholly. Its pods get no time to say farewell: nobody is to hear it. */
export async function deleteSlot(kube: Kube, namespace: string): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await kube.remove(ref);
  const look = async () => {
    const there = await kube.get(ref);
    if (there !== undefined) await killPods(kube, namespace);
    return there === undefined;
  };
  const { held, millis } = await converge(look, (gone) => gone, { within: 90_000, every: 500 });
  if (held) return;
  throw new HarnessError({
    code: 'NAMESPACE_STAYS',
    blame: 'environment',
    doing: `Deleting namespace ${namespace}`,
    seen: 'it is still being deleted',
    afterMillis: millis,
    next: `see what holds it: kubectl get namespace ${namespace} -o jsonpath='{.status.conditions}'`,
  });
}

export async function killPods(kube: Kube, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await kube.rest.call({ method: 'DELETE', path, query: { gracePeriodSeconds: '0' } });
}

/** Pods that come before these wait for them with growing pauses, seconds in sum. */
export async function readyForPods(kube: Kube, namespace: string): Promise<void> {
  const object = (kind: string, name: string): ObjectRef => ({ apiVersion: 'v1', kind, metadata: { name, namespace } });
  const needed = [
    object('ServiceAccount', 'default'),
    object('ConfigMap', 'kube-root-ca.crt'),
    object('ConfigMap', 'istio-ca-root-cert'),
  ];
  const look = async () => Promise.all(needed.map((ref) => kube.get(ref)));
  const isThere = (found: readonly (KubeObject | undefined)[]) => found.every((one) => one !== undefined);
  const { held, last, millis } = await converge(look, isThere, { within: 20_000 });
  if (held) return;
  const missing = needed
    .filter((_, index) => last[index] === undefined)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  throw new HarnessError({
    code: 'NAMESPACE_NOT_PREPARED',
    blame: 'environment',
    doing: `Making namespace ${namespace}`,
    expected: 'what pods with a sidecar need',
    seen: `${missing.join(', ')} did not appear`,
    afterMillis: millis,
    next: 'see whether istiod and the controller manager are running',
  });
}
