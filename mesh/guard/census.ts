import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';

const ending = z.object({ exitCode: z.number().default(0), reason: z.string().default('') });
const status = z.object({
  name: z.string(),
  restartCount: z.number(),
  state: z
    .object({ running: z.object({ startedAt: z.string() }).optional(), waiting: z.object({}).optional() })
    .default({}),
  lastState: z.object({ terminated: ending.optional() }).default({}),
});
const schema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    creationTimestamp: z.string().default(''),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    ownerReferences: z.array(z.object({ name: z.string() })).default([]),
  }),
  status: z.object({
    containerStatuses: z.array(status).default([]),
    initContainerStatuses: z.array(status).default([]),
  }),
});

/** A container of a pod, and how often it has begun anew. */
export interface Life {
  readonly name: string;
  readonly restarts: number;
  /** When it began; '' while it does not run. */
  readonly startedAt: string;
  /** It does not run, and its kubelet waits before it lets it begin: longer from time to time. */
  readonly waits: boolean;
  /** How it ended the last time: `exit 137, OOMKilled`; '' where it never did. */
  readonly lastEnd: string;
}

export interface Inhabitant {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** The deployment it belongs to, or its own name. */
  readonly kin: string;
  readonly createdAt: string;
  readonly lives: readonly Life[];
}

/** Who lives in a namespace at one moment. */
export type Census = readonly Inhabitant[];

/** Add-ons are left out: what becomes of them concerns the tests that ask them, who say so themselves. */
export async function censusOf(
  kube: Kube,
  namespace: string,
  isMeant: (labels: Readonly<Record<string, string>>) => boolean = () => true,
): Promise<Census> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  return pods
    .map((pod) => schema.parse(pod))
    .filter(({ metadata: { labels, deletionTimestamp } }) => {
      return deletionTimestamp === undefined && labels[names.addOn] === undefined && isMeant(labels);
    })
    .map(inhabitant);
}

const gateways: ReadonlySet<string> = new Set(['ingressgateway', 'egressgateway']);

/** Beside them others may have their own there, in a mesh that is not the harness's: a dashboard, a job. */
function isIstios({ app, istio = '' }: Readonly<Record<string, string>>): boolean {
  return app === 'istiod' || gateways.has(istio);
}

/** Pods that everything in the cluster leans on, as far as it shows them: a managed one hides some. */
const pillars = /^(coredns|kube-dns|kube-apiserver|etcd|kube-controller-manager|kube-scheduler|kube-proxy|kindnet)/;

/** Those whom all tests share: istiod, its gateways, and the cluster's pods. */
export async function sharedCensus(kube: Kube): Promise<Census> {
  const [istio, cluster] = await Promise.all([
    censusOf(kube, ISTIO_NAMESPACE, isIstios),
    // Not everybody may look there.
    censusOf(kube, 'kube-system').catch((error: unknown) => {
      if (error instanceof HarnessError && error.code === 'KUBE_FORBIDDEN') return [];
      throw error;
    }),
  ]);
  return [...istio, ...cluster.filter(({ name }) => pillars.test(name))];
}

function inhabitant({ metadata, status: now }: z.infer<typeof schema>): Inhabitant {
  const { name, namespace, uid, creationTimestamp, labels, ownerReferences } = metadata;
  const owner = ownerReferences[0]?.name ?? name;
  const lives = [...now.containerStatuses, ...now.initContainerStatuses].map((one) => ({
    name: one.name,
    restarts: one.restartCount,
    startedAt: one.state.running?.startedAt ?? '',
    waits: one.state.waiting !== undefined,
    lastEnd: endInWords(one.lastState.terminated),
  }));
  const kin = owner.replace(`-${labels['pod-template-hash'] ?? ' '}`, '');
  return { name, namespace, uid, kin, createdAt: creationTimestamp, lives };
}

function endInWords(end: z.infer<typeof ending> | undefined): string {
  if (end === undefined) return '';
  return [`exit ${end.exitCode}`, ...(['', 'Error', 'Completed'].includes(end.reason) ? [] : [end.reason])].join(', ');
}

const CENSUS_VARIABLE = 'ISTIO_E2E_CENSUS';

/** The workers of this run inherit it. */
export function handDown(census: Census): void {
  process.env[CENSUS_VARIABLE] = JSON.stringify(census);
}

/** Who lived there when the run began, as its first process saw it. */
export function handedDown(): Census | undefined {
  const inherited = process.env[CENSUS_VARIABLE];
  return inherited === undefined ? undefined : (JSON.parse(inherited) as Census);
}
