import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Kube } from './kube.ts';
import type { Selection } from './objects.ts';

const containerStatus = z.object({ name: z.string(), ready: z.boolean(), restartCount: z.number() });
const schema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    containers: z.array(z.object({ name: z.string() })),
    initContainers: z.array(z.object({ name: z.string() })).default([]),
  }),
  status: z.object({
    podIP: z.string().optional(),
    hostIP: z.string().optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    containerStatuses: z.array(containerStatus).default([]),
    initContainerStatuses: z.array(containerStatus).default([]),
  }),
});

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly nodeIp: string;
  readonly ready: boolean;
  /** Names of all containers, native sidecars included. */
  readonly containers: readonly string[];
  readonly restarts: number;
}

/** Pods that are wanted: those on their way out are left aside. */
export async function podsOf(kube: Kube, selection: Omit<Selection, 'apiVersion' | 'kind'>): Promise<readonly Pod[]> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', ...selection });
  return pods
    .map((pod) => schema.parse(pod))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(inShort);
}

export async function readyPodsOf(
  kube: Kube,
  selection: Omit<Selection, 'apiVersion' | 'kind'>,
): Promise<readonly Pod[]> {
  return (await podsOf(kube, selection)).filter(({ ready }) => ready);
}

/**
 * The one ready pod that has these labels.
 *
 * @throws HarnessError NOT_ONE_POD where there is none, or more than one
 */
export async function onlyPodOf(kube: Kube, namespace: string, labels: Readonly<Record<string, string>>): Promise<Pod> {
  const [pod, ...others] = await readyPodsOf(kube, { namespace, labels });
  if (pod !== undefined && others.length === 0) return pod;
  throw new HarnessError({
    code: 'NOT_ONE_POD',
    blame: 'environment',
    doing: `Looking for the pod in ${namespace} with ${JSON.stringify(labels)}`,
    expected: 'exactly one that is ready',
    seen: pod === undefined ? 'none' : `${others.length + 1}`,
    next: `see what became of them: kubectl get pods -n ${namespace}`,
  });
}

function inShort({ metadata, spec, status }: z.infer<typeof schema>): Pod {
  const { name, namespace, uid, labels } = metadata;
  const statuses = [...status.containerStatuses, ...status.initContainerStatuses];
  return {
    name,
    namespace,
    uid,
    labels,
    ip: status.podIP ?? '',
    nodeIp: status.hostIP ?? '',
    ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    containers: [...spec.containers, ...spec.initContainers].map((container) => container.name),
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
  };
}
