import type { Kube } from '../kube/kube.ts';
import { objectInWords } from '../kube/objects.ts';
import { rulesIn } from './istio-objects.ts';
import { ISTIO_NAMESPACE, slotIn } from './names.ts';

/** Everything in the cluster that shapes its traffic, a line each: in one of others' what they change of their own, as tools do by themselves, is none of it. */
export type Inventory = readonly string[];

export async function takeInventory(kube: Kube, owned: boolean): Promise<Inventory> {
  const rules = (await rulesIn(kube)).filter(({ metadata: { namespace = '' } }) => owned || isShared(namespace));
  return rules.map((rule) => `${objectInWords(rule)} ${JSON.stringify(rule['spec'] ?? {})}`).toSorted();
}

function isShared(namespace: string): boolean {
  return namespace === ISTIO_NAMESPACE || slotIn(namespace) !== undefined;
}

/** What came and what went, a line each; one that says so where nothing did. */
export function differenceInWords(
  before: Inventory,
  after: Inventory,
): { readonly same: boolean; readonly words: string } {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  const lines = [...gone, ...come];
  const same = lines.length === 0;
  return {
    same,
    words: same ? `the mesh is as before: ${before.length} rules, none of them new or changed` : lines.join('\n'),
  };
}
