import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Kube } from './kube.ts';
import { type KubeObject, objectInWords } from './objects.ts';

/** Every object of a cluster, by its name in words, without what changes by itself. */
export type Inventory = ReadonlyMap<string, unknown>;

const groups = z.object({ groups: z.array(z.object({ preferredVersion: z.object({ groupVersion: z.string() }) })) });
const resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), verbs: z.array(z.string()) })),
});
const items = z.object({ items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })) });

/** They come and go without anybody having done anything. */
const passing = new Set(['Event', 'Lease']);
/** What kubelet last saw of a pod and of its node (the images there, for one), which changes while both stay what they are. */
const observed = ['Pod', 'Node'];
/** Fields that say when something was looked at, and not what it is. */
const clockwork = new Set([
  'managedFields',
  'resourceVersion',
  'lastHeartbeatTime',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

/** All that the API server has, of every kind that can be listed. */
export async function inventoryOf(kube: Kube): Promise<Inventory> {
  const doing = 'Making an inventory of the cluster';
  const { groups: all } = groups.parse(await kube.rest.json({ method: 'GET', path: '/apis' }, doing));
  const roots = ['/api/v1', ...all.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const lists = await Promise.all(roots.map((root) => everythingOf(kube, root, doing)));
  return new Map(lists.flat().map((object) => [objectInWords(object), steady(object)]));
}

/** What one inventory has more (`+`), less (`-`) or otherwise (`~`) than another. */
export function changes(before: Inventory, after: Inventory): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    const [then, now] = [before.get(name), after.get(name)];
    if (then === undefined) return [`+ ${name}`];
    if (now === undefined) return [`- ${name}`];
    return isDeepStrictEqual(then, now) ? [] : [`~ ${name} (${fieldsThatDiffer(then, now).join(', ')})`];
  });
}

async function everythingOf(kube: Kube, root: string, doing: string): Promise<readonly KubeObject[]> {
  // A group that is just going away with its definitions has nothing left to list.
  const answer = await kube.rest.jsonIfThere({ method: 'GET', path: root }, doing);
  const kinds = answer === undefined ? [] : resources.parse(answer).resources;
  const listed = kinds.filter(
    ({ name, kind, verbs }) => !name.includes('/') && verbs.includes('list') && !passing.has(kind),
  );
  const lists = listed.map(async ({ name, kind }) => {
    const list = await kube.rest.jsonIfThere({ method: 'GET', path: `${root}/${name}` }, doing);
    const found = list === undefined ? [] : items.parse(list).items;
    return found.map(({ status, ...item }) => {
      const seen = observed.includes(kind) || status === undefined ? {} : { status };
      return { ...item, ...seen, apiVersion: root, kind };
    });
  });
  return (await Promise.all(lists)).flat();
}

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !clockwork.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, steady(inner)]));
}

function fieldsThatDiffer(then: unknown, now: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(then, now)) return [];
  if (!isRecord(then) || !isRecord(now)) return [path];
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return keys.flatMap((key) => fieldsThatDiffer(then[key], now[key], path === '' ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
