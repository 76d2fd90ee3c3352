import type { ClusterHandle } from '../cluster/handle.ts';
import { connect } from '../kube/kube.ts';
import { rulesIn } from './istio-objects.ts';
import { slotIn } from './names.ts';

/** What the last tests left in force in each slot, and how to look at it. */
export async function keptInWords(handle: ClusterHandle): Promise<string> {
  const kube = await connect(handle);
  const rules = await rulesIn(kube);
  await kube.close();
  const slots = Map.groupBy(rules, ({ metadata }) => slotIn(metadata.namespace ?? ''));
  slots.delete(undefined);
  if (slots.size === 0) return 'Nothing is kept: the last test applied no rule.';
  const kept = [...slots].map(([slot, all]) => {
    const named = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    return `Kept in ${slot ?? ''}: ${named.join(', ')}`;
  });
  const [slot = ''] = [...slots.keys()];
  const look = `--context ${handle.context} -n ${slot}`;
  return [
    ...kept,
    'To look at it:',
    `  export KUBECONFIG=${handle.kubeconfig}`,
    `  kubectl ${look} get gateways,virtualservices,destinationrules,serviceentries -o yaml`,
    `  ${handle.istioctl} ${look} proxy-config routes deploy/prober`,
    `  kubectl ${look} exec deploy/prober -c prober -- node -e "fetch('http://nodebook:3000/version').then(async (r) => console.log(r.status, await r.text()))"`,
    'The next run of the suites takes it away.',
  ].join('\n');
}
