import { z } from 'zod';
import { inventoryOf } from '../kube/inventory.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, podsOf } from '../kube/pods.ts';
import { converge } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { inUseByIstiod, inUseByProxy } from './in-use.ts';
import type { Footprint } from './run-entry.ts';

const MIB = 1024 ** 2;
/** Namespaces that a test has closed go away by themselves. */
const patience = { within: 120_000, every: 1_000 };

const summary = z.object({
  pods: z.array(
    z.object({
      podRef: z.object({ namespace: z.string(), name: z.string() }),
      containers: z
        .array(z.object({ name: z.string(), memory: z.object({ rssBytes: z.number().default(0) }).optional() }))
        .default([]),
    }),
  ),
});

interface Resident {
  readonly container: string;
  readonly mib: number;
}

/** How many objects there are, by kind and namespace: `Pod istio-e2e-w0`. Names differ from run to run. */
export type Count = ReadonlyMap<string, number>;

/** Waits until nothing is on its way out any more, and counts. */
export async function countObjects(kube: Kube): Promise<Count> {
  const leaving = async () => {
    const namespaces = await kube.list({ apiVersion: 'v1', kind: 'Namespace' });
    return namespaces.filter(({ metadata }) => metadata['deletionTimestamp'] !== undefined).length;
  };
  await converge(leaving, (count) => count === 0, patience);
  return countedByPlace([...(await inventoryOf(kube)).keys()]);
}

/** @param inventory names in words: `Pod istio-e2e-w0/prober-7d4f` */
export function countedByPlace(inventory: readonly string[]): Count {
  const count = new Map<string, number>();
  for (const words of inventory) {
    const [kind = '', path = ''] = words.split(' ');
    const place = path.includes('/') ? `${kind} ${path.slice(0, path.indexOf('/'))}` : kind;
    count.set(place, (count.get(place) ?? 0) + 1);
  }
  return count;
}

/** What there is more, or less, of than before: `+1 Pod istio-e2e-w0`. */
export function leftBetween(before: Count, after: Count): readonly string[] {
  const places = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return places.flatMap((place) => {
    const more = (after.get(place) ?? 0) - (before.get(place) ?? 0);
    return more === 0 ? [] : [`${more > 0 ? '+' : ''}${more} ${place}`];
  });
}

/** What the mesh takes up. */
export async function footprintOf(kube: Kube, count: Count): Promise<Footprint> {
  const [pods, resident] = await Promise.all([podsOf(kube, {}), residentIn(kube)]);
  const objects: Record<string, number> = {};
  for (const [place, number] of count) {
    const [kind = ''] = place.split(' ');
    objects[kind] = (objects[kind] ?? 0) + number;
  }
  const istiod = pods.filter(({ namespace, labels }) => namespace === ISTIO_NAMESPACE && labels['app'] === 'istiod');
  const proxied = pods.filter(({ containers }) => containers.includes('istio-proxy'));
  const restarts = (of: typeof pods) => of.reduce((sum, pod) => sum + pod.restarts, 0);
  const held = await heldBy(kube, istiod, proxied);
  return {
    objects,
    ...(resident === undefined ? {} : { memory: memoryOf(resident) }),
    ...(held === undefined ? {} : { inUse: held }),
    restarts: { istiod: restarts(istiod), proxies: restarts(proxied) },
  };
}

/** As the kubelets measure it; undefined where this user may not ask them. */
async function residentIn(kube: Kube): Promise<readonly Resident[] | undefined> {
  const nodes = await kube.list({ apiVersion: 'v1', kind: 'Node' });
  const answers = nodes.map(({ metadata }) =>
    kube.rest.call({ method: 'GET', path: `/api/v1/nodes/${metadata.name}/proxy/stats/summary` }),
  );
  const replies = await Promise.all(answers);
  if (replies.some(({ status }) => status !== 200)) return undefined;
  return replies
    .flatMap(({ text }) => summary.parse(JSON.parse(text)).pods)
    .flatMap(({ containers }) => containers)
    .map(({ name, memory }) => ({ container: name, mib: (memory?.rssBytes ?? 0) / MIB }));
}

function memoryOf(resident: readonly Resident[]): NonNullable<Footprint['memory']> {
  const of = (wanted: string) => resident.filter(({ container }) => container === wanted).map(({ mib }) => mib);
  const [istiod, proxies] = [of('discovery'), of('istio-proxy')];
  const all = sum(proxies);
  return {
    istiod: sum(istiod),
    proxies: all,
    meanProxy: proxies.length === 0 ? 0 : all / proxies.length,
    largestProxy: Math.max(0, ...proxies),
  };
}

/** One that does not say would be missed in the mean. */
async function heldBy(kube: Kube, istiods: readonly Pod[], proxied: readonly Pod[]): Promise<Footprint['inUse']> {
  const [istiod, proxies] = await Promise.all([
    Promise.all(istiods.map((pod) => inUseByIstiod(kube, pod))),
    Promise.all(proxied.map((pod) => inUseByProxy(kube, pod))),
  ]);
  const said = (value: number | undefined) => value !== undefined;
  if (!istiod.every(said) || !proxies.every(said) || proxies.length === 0) return undefined;
  return { istiod: sum(istiod), meanProxy: sum(proxies) / proxies.length, largestProxy: Math.max(...proxies) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
