import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords } from '../kube/objects.ts';
import { rulesIn } from './istio-objects.ts';
import type { Say } from '../say.ts';
import { names } from './names.ts';

/** Removes rules that other runs left in slot namespaces, and those of the harness anywhere else; says what it removed. */
export async function sweep(kube: Kube, runId: string, say: Say): Promise<readonly string[]> {
  const slots = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels: { [names.managedBy]: names.manager } });
  const ours = new Set(slots.map(({ metadata }) => metadata.name));
  const leftovers = (await rulesIn(kube)).filter(
    (rule) =>
      (ours.has(rule.metadata.namespace ?? '') || isManaged(rule)) && rule.metadata.labels?.[names.run] !== runId,
  );
  return removeAloud(kube, leftovers, say);
}

/** Removes every rule of one slot: whoever attaches to it starts from nothing. */
export async function sweepSlot(kube: Kube, namespace: string, say: Say): Promise<readonly string[]> {
  return removeAloud(kube, await rulesIn(kube, namespace), say);
}

async function removeAloud(kube: Kube, rules: readonly KubeObject[], say: Say): Promise<readonly string[]> {
  const removed = rules.map((rule) => objectInWords(rule));
  for (const name of removed) say.note(`removing ${name}, left behind by an earlier run`);
  await Promise.all(rules.map((rule) => kube.remove(rule)));
  return removed;
}

function isManaged({ metadata }: KubeObject): boolean {
  return metadata.labels?.[names.managedBy] === names.manager;
}
