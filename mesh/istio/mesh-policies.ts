import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';

/** Policies that stand where they may hold for the whole mesh, and that the harness did not make. */
export async function policiesOfOthers(
  kube: Kube,
  kinds: readonly string[] = ['PeerAuthentication', 'AuthorizationPolicy', 'RequestAuthentication'],
): Promise<readonly KubeObject[]> {
  const apiVersion = 'security.istio.io/v1';
  const found = await Promise.all(kinds.map((kind) => kube.list({ apiVersion, kind, namespace: ISTIO_NAMESPACE })));
  return found.flat().filter(({ metadata }) => metadata.labels?.[names.managedBy] !== names.manager);
}
