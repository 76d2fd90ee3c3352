import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';

const kinds = [
  ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({ apiVersion: 'apps/v1', kind })),
  ...['Job', 'CronJob'].map((kind) => ({ apiVersion: 'batch/v1', kind })),
  ...['PersistentVolumeClaim', 'Service', 'ConfigMap', 'Secret'].map((kind) => ({ apiVersion: 'v1', kind })),
];

/** What every namespace has, and what istiod writes at run time and `istioctl uninstall --purge` leaves (the suite of O04 has the list). */
const fromItself = /^(?:istio(?:-.+)?|kube-root-ca\.crt)$/;

/** What somebody else has put into istio-system: asked when Istio has been uninstalled, of which nothing else stays. */
export async function strangersIn(kube: Pick<Kube, 'list'>): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(kinds.map((kind) => kube.list({ ...kind, namespace: ISTIO_NAMESPACE })));
  return lists.flat().filter(isStrange);
}

function isStrange({ kind, metadata: { name, labels = {}, deletionTimestamp }, type }: KubeObject): boolean {
  if (deletionTimestamp !== undefined || labels[names.managedBy] === names.manager) return false;
  if (type === 'kubernetes.io/service-account-token') return false;
  return !((kind === 'ConfigMap' || kind === 'Secret') && fromItself.test(name));
}
