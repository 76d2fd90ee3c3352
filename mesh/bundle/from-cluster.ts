import { stringify } from 'yaml';
import type { ClusterHandle } from '../cluster/handle.ts';
import { eventsIn, logTail } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, podsOf } from '../kube/pods.ts';
import { viewByIstioctl } from '../proxy/by-istioctl.ts';
import { rulesIn } from '../world/istio-objects.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';
import type { Piece } from './piece.ts';

const ANSWER_WITHIN = 10_000;
const EVENTS = 500;
const LINES = 400;
/** Those that say what was wanted and what is there; Secrets and ConfigMaps of others are none of a bundle's business. */
const KINDS = [
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
] as const;

/**
 * What the cluster says: of Istio's own namespace, of those of the harness, and of the cluster's DNS.
 *
 * @throws HarnessError KUBE_UNREACHABLE or Error where it does not answer soon
 */
export async function fromCluster(kube: Kube, handle: ClusterHandle): Promise<readonly Piece[]> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN);
  await kube.rest.json({ method: 'GET', path: '/version', signal }, 'Asking whether the cluster answers');
  const ours = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels: { [names.managedBy]: names.manager } });
  const namespaces = [ISTIO_NAMESPACE, ...ours.map(({ metadata }) => metadata.name)];
  const perNamespace = namespaces.map(async (namespace) => [
    { path: `cluster/${namespace}/events.txt`, take: () => eventsIn(kube, namespace, EVENTS) },
    { path: `cluster/${namespace}/objects.yaml`, take: () => objectsIn(kube, namespace) },
    ...(await podsOf(kube, { namespace })).flatMap((pod) => ofPod(kube, handle, pod)),
  ]);
  return [
    { path: 'cluster/rules.yaml', take: async () => inYaml(await rulesOf(kube)) },
    { path: 'cluster/nodes.yaml', take: async () => inYaml(await kube.list({ apiVersion: 'v1', kind: 'Node' })) },
    { path: 'cluster/kube-system/events.txt', take: () => eventsIn(kube, 'kube-system', EVENTS) },
    { path: 'cluster/kube-system/pods.txt', take: () => podsInWords(kube, 'kube-system') },
    { path: `cluster/${ISTIO_NAMESPACE}/mesh.yaml`, take: () => meshConfig(kube) },
    ...(await Promise.all(perNamespace)).flat(),
  ];
}

function ofPod(kube: Kube, handle: ClusterHandle, pod: Pod): readonly Piece[] {
  const { namespace, name, containers } = pod;
  const logs = containers.map((container) => ({
    path: `cluster/${namespace}/logs/${name}.${container}.log`,
    take: () => logTail(kube, namespace, name, container, LINES),
  }));
  if (!containers.includes('istio-proxy')) return logs;
  const proxy = viewByIstioctl(handle, namespace, name);
  const take = async () => JSON.stringify(await proxy.read(['listeners', 'routes', 'clusters']), undefined, 1);
  return [...logs, { path: `cluster/${namespace}/proxies/${name}.json`, take }];
}

async function objectsIn(kube: Kube, namespace: string): Promise<string> {
  const lists = await Promise.all(KINDS.map(([apiVersion, kind]) => kube.list({ apiVersion, kind, namespace })));
  return inYaml(lists.flat());
}

async function rulesOf(kube: Kube): Promise<readonly object[]> {
  return (await rulesIn(kube)).filter(({ kind }) => kind !== 'Secret');
}

async function meshConfig(kube: Kube): Promise<string> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: ISTIO_NAMESPACE } };
  return inYaml([(await kube.get(ref)) ?? {}]);
}

async function podsInWords(kube: Kube, namespace: string): Promise<string> {
  const pods = await podsOf(kube, { namespace });
  return pods
    .map(({ name, ready, restarts }) => `${name} ${ready ? 'ready' : 'not ready'}, ${restarts} restarts\n`)
    .join('');
}

function inYaml(objects: readonly object[]): string {
  return objects
    .map((object) => stringify(object, (key, value: unknown) => (key === 'managedFields' ? undefined : value)))
    .join('---\n');
}
