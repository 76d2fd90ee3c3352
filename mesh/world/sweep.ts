import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords } from '../kube/objects.ts';
import { rulesIn } from './istio-objects.ts';
import type { Turns } from '../rules/turns.ts';
import type { Say } from '../say.ts';
import { ISTIO_NAMESPACE, names } from './names.ts';
import { isAtWork, type Run } from './run.ts';
import { claimOfOther } from './slot.ts';

/**
 * Removes rules that earlier runs left, in the slots and, labelled as the harness's, anywhere else; says what it removed. Another run
 * that is at work is left alone: its slots, and what it may have put elsewhere.
 */
export async function sweep(kube: Kube, run: Run, say: Say): Promise<readonly string[]> {
  const slots = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels: { [names.managedBy]: names.manager } });
  const busy = slots.filter((slot) => {
    const claim = claimOfOther(slot, run);
    return claim !== undefined && isAtWork(claim, run);
  });
  const idle = new Set(slots.filter((slot) => !busy.includes(slot)).map(({ metadata }) => metadata.name));
  const all = new Set(slots.map(({ metadata }) => metadata.name));
  const leftovers = (await rulesIn(kube)).filter(({ metadata }) => {
    const { namespace = '', labels } = metadata;
    if (labels?.[names.run] === run.id) return false;
    if (all.has(namespace)) return idle.has(namespace);
    return busy.length === 0 && labels?.[names.managedBy] === names.manager;
  });
  return removeAloud(kube, leftovers, say);
}

/**
 * Removes every rule of one slot: whoever attaches to it starts from nothing.
 *
 * @param turns others may be changing rules at the same time
 */
export async function sweepSlot(kube: Kube, namespace: string, turns: Turns, say: Say): Promise<readonly string[]> {
  const rules = await rulesIn(kube, namespace);
  return rules.length === 0 ? [] : turns(() => removeAloud(kube, rules, say));
}

/** Removes rules of this run for the whole mesh. Only for whoever knows that no test is alone at this moment: such a test was killed. */
export async function sweepMeshWide(kube: Kube, run: Run, say: Say): Promise<readonly string[]> {
  const rules = await rulesIn(kube, ISTIO_NAMESPACE);
  const ours = rules.filter(({ metadata }) => metadata.labels?.[names.run] === run.id);
  return removeAloud(kube, ours, say);
}

async function removeAloud(kube: Kube, rules: readonly KubeObject[], say: Say): Promise<readonly string[]> {
  const removed = rules.map((rule) => objectInWords(rule));
  for (const name of removed) say.note(`removing ${name}, left behind by a test that came to no end`);
  await Promise.all(rules.map((rule) => kube.remove(rule)));
  return removed;
}
