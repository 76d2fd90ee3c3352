import { dig, isMessage } from '../../proxy/dump.ts';
import type { ProxyView } from '../../proxy/view.ts';
import type { Rule } from '../rule.ts';
import type { GuardedProxy, Scene } from '../scene.ts';
import { noSign } from './kind.ts';

/** Istio's root namespace: a policy there that selects nothing holds for the whole mesh. */
export const ROOT_NAMESPACE = 'istio-system';

/** Everything that a policy may guard: the workloads of this worker, and its gateways. */
function guardable({ workloads = [], gateways }: Scene): readonly GuardedProxy[] {
  return [
    ...workloads,
    ...gateways.map(({ view, labels }) => ({ view, labels, namespace: view.namespace, ports: [] })),
  ];
}

export function guardedOf({ view }: Pick<GuardedProxy, 'view'>, scene: Scene): GuardedProxy {
  const found = guardable(scene).find((candidate) => candidate.view === view);
  if (found === undefined) throw new RangeError(`${view.name} is no proxy that a policy of this scene guards`);
  return found;
}

/** The proxies that a policy holds for. */
export function guardedBy(policy: Rule, scene: Scene): readonly ProxyView[] {
  return guardable(scene)
    .filter((proxy) => selects(policy, proxy))
    .map(({ view }) => view);
}

/** Whether a policy holds for a proxy: by namespace, then by the labels of its pod. */
export function selects(policy: Rule, { namespace, labels }: GuardedProxy): boolean {
  const scope = policy.metadata.namespace;
  if (scope !== ROOT_NAMESPACE && scope !== namespace) return false;
  return hasAll(labels, selectorOf(policy) ?? {});
}

export function hasAll(labels: GuardedProxy['labels'], wanted: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** The labels that a policy selects pods by; undefined where it holds for all. */
export function selectorOf(policy: Rule): Readonly<Record<string, unknown>> | undefined {
  for (const field of ['targetRef', 'targetRefs'])
    if (dig(policy, 'spec', field) !== undefined) throw noSign(policy, field);
  const labels = dig(policy, 'spec', 'selector', 'matchLabels');
  return isMessage(labels) && Object.keys(labels).length > 0 ? labels : undefined;
}

/** What every way into a proxy has, and, said so, what only some of them have: an update is no arrival before it is everywhere. */
export function everywhere(ways: readonly (readonly string[])[]): readonly string[] {
  const marks = new Set(ways.flat());
  return [...marks].map((mark) => {
    const having = ways.filter((way) => way.includes(mark)).length;
    return having === ways.length ? mark : `${mark}, on ${having} of ${ways.length} ways in`;
  });
}
