import { randomUUID } from 'node:crypto';
import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Say } from '../say.ts';
import { killPods, readyForPods } from './make.ts';
import { names, ownLabels } from './names.ts';
import { isAtWork, type Run } from './run.ts';
import { claimOfOther } from './slot.ts';

/** A namespace that one test makes for itself and takes away again, for what would change a slot. */
export interface Room {
  readonly namespace: string;
}

/** Named for the slot beside which it stands, and anew each time: one that is still going away is in nobody's way. */
export async function openRoom(
  kube: Kube,
  slot: string,
  labels: Readonly<Record<string, string>>,
  run: Run,
): Promise<Room> {
  const namespace = `${slot}-room-${randomUUID().slice(0, 8)}`;
  const metadata = {
    name: namespace,
    labels: { ...ownLabels(run.id), [names.room]: 'true', ...labels },
    annotations: { [names.claim]: JSON.stringify(run) },
  };
  await kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata });
  await readyForPods(kube, namespace);
  return { namespace };
}

/** Does not wait for the end of it: nobody will come back. */
export async function closeRoom(kube: Kube, { namespace }: Room): Promise<void> {
  await kube.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await killPods(kube, namespace);
}

/** Removes what workers of this run that died have left. */
export async function closeRooms(kube: Kube, run: Run): Promise<void> {
  const labels = { [names.room]: 'true', [names.run]: run.id };
  const rooms = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels });
  const open = rooms.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
  await Promise.all(open.map(({ metadata }) => closeRoom(kube, { namespace: metadata.name })));
}

/** Removes the rooms of runs that died before they could, and says so. */
export async function sweepRooms(kube: Kube, run: Run, say: Say): Promise<readonly string[]> {
  const rooms = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels: { [names.room]: 'true' } });
  const left = rooms.filter((room) => isLeft(room, run)).map(({ metadata }) => metadata.name);
  for (const namespace of left) say.note(`removing namespace ${namespace}, left behind by an earlier run`);
  await Promise.all(left.map((namespace) => closeRoom(kube, { namespace })));
  return left;
}

function isLeft(room: KubeObject, run: Run): boolean {
  const { labels, deletionTimestamp } = room.metadata;
  if (labels?.[names.managedBy] !== names.manager || deletionTimestamp !== undefined) return false;
  const claim = claimOfOther(room, run);
  // One without any claim lost it to whoever meddled with it.
  return claim === undefined ? labels[names.run] !== run.id : !isAtWork(claim, run);
}
