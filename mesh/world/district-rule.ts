import { fileURLToPath } from 'node:url';
import type { Kube } from '../kube/kube.ts';
import type { ProxyView } from '../proxy/view.ts';
import { arrival, type Patience } from '../rules/arrival.ts';
import { loadRules, type Rule } from '../rules/rule.ts';
import type { Turns } from '../rules/turns.ts';
import { systemClock } from '../waiting/converge.ts';
import { ownLabels } from './names.ts';
import type { Run } from './run.ts';

/** A district with sidecars, where the rule is to be. */
interface Place {
  readonly kube: Pick<Kube, 'get' | 'apply'>;
  readonly namespace: string;
  readonly sidecars: readonly ProxyView[];
  readonly turns: Turns;
  readonly run: Run;
  readonly patience?: Patience;
}

/** What belongs to each district with sidecars. */
export function districtRules(): Promise<readonly Rule[]> {
  return loadRules(fileURLToPath(new URL('district.yaml', import.meta.url)));
}

/**
 * Lets each connection in a district carry one request. In a turn like the rules of tests, and not with the pods: another worker may be
 * taking a rule of this kind back, which istiod would forget.
 *
 * @throws RuleNeverArrived
 */
export async function loneRequests({
  kube,
  namespace,
  sidecars,
  turns,
  run,
  patience = { within: 15_000 },
}: Place): Promise<void> {
  const { within, clock = systemClock } = patience;
  for (const written of await districtRules()) {
    const labels = { ...written.metadata.labels, ...ownLabels(run.id) };
    const rule = { ...written, metadata: { ...written.metadata, namespace, labels } };
    const scene = { namespace, sidecars, gateways: [], inForce: [rule] };
    const arrived = (since: number) => arrival(rule, scene, since, { within, clock });
    // Awaited also where it is: a worker before this one may have ended while it was on its way.
    if ((await kube.get(rule)) !== undefined) {
      await arrived(clock.now());
      continue;
    }
    await turns(async () => {
      const since = clock.now();
      await kube.apply(rule);
      await arrived(since);
    });
  }
}
