import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { SeenIds } from '../judge/seen.ts';
import type { Kube } from '../kube/kube.ts';
import type { Http } from '../kube/pod-http.ts';
import { readyPodsOf } from '../kube/pods.ts';
import type { App } from './apps.ts';

/** The pods of one version of an app, and what they remember of the requests that arrived: asked past the mesh's rules. */
export interface BackEnd {
  /** `nodebook v3` */
  readonly name: string;
  readonly version: string;
  /** How often a request with each id arrived, of the ids that begin like this. */
  seen(prefix: string): Promise<SeenIds>;
  /** How many requests it has served since it started; nodebook alone says so. */
  served(): Promise<number>;
}

const schema = z.object({
  ids: z.record(z.string(), z.object({ count: z.number() })),
  forgotten: z.number(),
});

/** Pods are looked for now: one that was replaced since the worker attached has another name. */
export async function findBackEnd(kube: Kube, namespace: string, app: App, version: string): Promise<BackEnd> {
  const name = `${app.service} ${version}`;
  const pods = await readyPodsOf(kube, { namespace, labels: { ...app.labels, version } });
  if (pods.length === 0) throw noPod(name);
  const doors = pods.map((pod) => kube.pod(namespace, pod.name, app.port));
  return {
    name,
    version,
    seen: async (prefix) => added(await Promise.all(doors.map((door) => seenBy(door, prefix)))),
    served: async () => (await Promise.all(doors.map(servedBy))).reduce((sum, count) => sum + count, 0),
  };
}

async function servedBy(door: Http): Promise<number> {
  const { status, text } = await door.send({ method: 'GET', path: '/total' });
  if (status === 200 && /^\d+$/.test(text)) return Number(text);
  throw unreadable(door, 'how many requests it served', `${status} ${text.slice(0, 200)}`);
}

async function seenBy(door: Http, prefix: string): Promise<z.infer<typeof schema>['ids']> {
  const { status, text } = await door.send({ method: 'GET', path: `/seen?prefix=${encodeURIComponent(prefix)}` });
  const parsed = status === 200 ? schema.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return parsed.data.ids;
  throw unreadable(door, 'which requests it saw', `${status} ${text.slice(0, 200)}`);
}

function added(all: readonly z.infer<typeof schema>['ids'][]): SeenIds {
  const sum = new Map<string, number>();
  for (const ids of all) for (const [id, { count }] of Object.entries(ids)) sum.set(id, (sum.get(id) ?? 0) + count);
  return sum;
}

function unreadable({ peer }: Http, what: string, seen: string): HarnessError {
  return new HarnessError({
    code: 'BACK_END_UNREADABLE',
    blame: 'environment',
    doing: `Asking ${peer} ${what}`,
    seen,
    next: 'see whether the pod is running, and its log',
  });
}

function noPod(name: string): HarnessError {
  return new HarnessError({
    code: 'NO_POD',
    blame: 'environment',
    doing: `Looking for the pods of ${name}`,
    seen: 'none is ready',
    next: 'see whether its deployment was scaled down',
  });
}
