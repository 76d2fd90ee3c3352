import type { Kube } from '../kube/kube.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';

const kinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'v1', kind: 'Service', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'v1', kind: 'ConfigMap', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'v1', kind: 'ServiceAccount', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespace: ISTIO_NAMESPACE },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
];

/** Takes away every add-on that the harness brought; those of others stay. Returns their names. */
export async function removeAddOns(kube: Kube): Promise<readonly string[]> {
  const labels = { [names.managedBy]: names.manager };
  const lists = await Promise.all(kinds.map((kind) => kube.list({ ...kind, labels })));
  const ours = lists.flat().filter(({ metadata }) => metadata.labels?.[names.addOn] !== undefined);
  for (const object of ours) await kube.remove(object);
  return ours.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => `add-on ${metadata.name}`);
}
