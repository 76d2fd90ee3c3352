import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { converge } from '../waiting/converge.ts';
import type { Room } from '../world/room.ts';
import { anatomyOf } from './anatomy.ts';

const INJECTION_LABEL = 'istio-injection';

/** The API server may go by a namespace's old labels for a moment. It is given this long; what holds then is for the test to see. */
const patience = { within: 10_000, every: 100, streak: 2 };

/** Sets the label or takes it away, and waits until the API server goes by it. */
export async function labelNamespace(kube: Kube, { namespace }: Room, value: string | null): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await kube.merge(ref, { metadata: { labels: { [INJECTION_LABEL]: value } } });
  await converge(
    () => wouldInject(kube, namespace),
    (injects) => injects === (value === 'enabled'),
    patience,
  );
}

/** Whether a pod that is made now would get a proxy: asked in earnest, but nothing is made. */
async function wouldInject(kube: Kube, namespace: string): Promise<boolean> {
  const pod = { metadata: { generateName: 'would-be-' }, spec: { containers: [{ name: 'any', image: 'any' }] } };
  const made = await kube.rest.json(
    {
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { dryRun: 'All' },
      body: JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod }),
    },
    `Asking what would become of a pod in ${namespace}`,
  );
  return anatomyOf(made as KubeObject).proxies.length > 0;
}
