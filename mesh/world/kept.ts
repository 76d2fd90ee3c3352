import type { ClusterHandle } from '../cluster/handle.ts';
import { connect } from '../kube/kube.ts';
import type { KubeObject } from '../kube/objects.ts';
import { rulesIn } from './istio-objects.ts';
import { slotIn } from './names.ts';

/** What the last tests left in force in each slot, and how to look at it. */
export async function keptInWords(handle: ClusterHandle): Promise<string> {
  const kube = await connect(handle);
  const rules = await rulesIn(kube);
  await kube.close();
  return inWords(rules, handle);
}

export function inWords(
  rules: readonly KubeObject[],
  handle: Pick<ClusterHandle, 'name' | 'owned' | 'context' | 'kubeconfig' | 'istioctl'>,
): string {
  const places = Map.groupBy(
    rules.filter(({ metadata }) => slotIn(metadata.namespace ?? '') !== undefined),
    ({ metadata }) => metadata.namespace ?? '',
  );
  const [first] = places.keys();
  if (first === undefined) return 'Nothing is kept: the last test applied no rule.';
  const kubectl = kubectlFor(handle);
  const slot = slotIn(first) ?? '';
  return [
    ...[...places].flatMap(([namespace, all]) => [
      `Kept in ${namespace}: ${all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`,
      `  ${kubectl} -n ${namespace} get ${kindsOf(all).join(',')} -o yaml`,
    ]),
    'What the proxies made of it, and what a client sees:',
    `  ${handle.istioctl} --kubeconfig ${handle.kubeconfig} --context ${handle.context} -n ${slot} proxy-config routes deploy/prober`,
    `  ${kubectl} -n ${slot} exec deploy/prober -c prober -- node -e "fetch('http://nodebook:3000/version').then(async (r) => console.log(r.status, await r.text()))"`,
    'The next run of the suites takes it away.',
  ].join('\n');
}

/** On a node of the harness there is one, and maybe nowhere else. */
function kubectlFor({ name, owned, context, kubeconfig }: Parameters<typeof inWords>[1]): string {
  if (owned) return `docker exec ${name}-control-plane kubectl`;
  return `kubectl --kubeconfig ${kubeconfig} --context ${context}`;
}

/** As kubectl names them. What is in a Secret is not for a screen. */
function kindsOf(rules: readonly KubeObject[]): readonly string[] {
  const named = rules
    .filter(({ kind }) => kind !== 'Secret')
    .map(({ kind, apiVersion }) => `${kind}.${apiVersion.replace(/\/.*/, '')}`.toLowerCase());
  return [...new Set(named)].toSorted();
}
