import type { ClusterHandle } from '../cluster/handle.ts';
import { deploymentsReady } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import type { App } from './apps.ts';
import { objectsOfApp } from './contents.ts';
import { names } from './names.ts';

/**
 * Puts an app into a namespace that does not hold it from the beginning, and comes back when it is ready. It stays there, and is found
 * by whoever asks again.
 */
export async function bringApp(
  kube: Kube,
  handle: ClusterHandle,
  namespace: string,
  { service, labels }: App,
): Promise<readonly Pod[]> {
  // Without the run's own label: the next run would replace its pods only to change that.
  const objects = await objectsOfApp(handle, service, namespace, { [names.managedBy]: names.manager });
  await Promise.all(objects.map((object) => kube.apply(object)));
  await deploymentsReady(kube, namespace, { within: 180_000, stalled: 60_000, every: 250 });
  return readyPodsOf(kube, { namespace, labels });
}
