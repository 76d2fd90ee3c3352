import type { Kube } from '../kube/kube.ts';
import type { ObjectRef } from '../kube/objects.ts';
import { deleteSlot } from './make.ts';

/** Takes away what a list of changes between two inventories has more, objects of the core group, and waits for the end of namespaces. */
export async function removeAdded(kube: Kube, list: readonly string[]): Promise<void> {
  const added = list.filter((change) => change.startsWith('+ ')).map((change) => refOf(change.slice(2)));
  const [spaces, others] = [
    added.filter(({ kind }) => kind === 'Namespace'),
    added.filter(({ kind }) => kind !== 'Namespace'),
  ];
  await Promise.all(others.map((ref) => kube.remove(ref)));
  await Promise.all(spaces.map(({ metadata }) => deleteSlot(kube, metadata.name)));
}

function refOf(words: string): ObjectRef {
  const [kind = '', path = ''] = words.split(' ');
  const [name = '', namespace] = path.split('/').toReversed();
  return { apiVersion: 'v1', kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
