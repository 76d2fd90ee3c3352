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
  /** How often a request with each id arrived, of the ids that begin like this. */
  seen(prefix: string): Promise<SeenIds>;
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
  return { name, seen: async (prefix) => added(await Promise.all(doors.map((door) => seenBy(door, prefix)))) };
}

async function seenBy(door: Http, prefix: string): Promise<z.infer<typeof schema>['ids']> {
  const { status, text } = await door.send({ method: 'GET', path: `/seen?prefix=${encodeURIComponent(prefix)}` });
  const parsed = status === 200 ? schema.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return parsed.data.ids;
  throw new HarnessError({
    code: 'BACK_END_UNREADABLE',
    blame: 'environment',
    doing: `Asking ${door.peer} which requests it saw`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether the pod is running, and its log',
  });
}

function added(all: readonly z.infer<typeof schema>['ids'][]): SeenIds {
  const sum = new Map<string, number>();
  for (const ids of all) for (const [id, { count }] of Object.entries(ids)) sum.set(id, (sum.get(id) ?? 0) + count);
  return sum;
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
