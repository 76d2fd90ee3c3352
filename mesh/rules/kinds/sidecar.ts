import { dig, isMessage, text } from '../../proxy/dump.ts';
import { outboundPolicyOf } from '../../proxy/outbound-policy.ts';
import type { Rule } from '../rule.ts';
import { sidecarsOfCallers } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';

/**
 * Shows by what becomes of traffic to those whom the mesh does not know. What else a Sidecar says leaves no sign that could be waited for. It has to
 * select workloads: a slot has a Sidecar for all of them already, and of two Istio follows the older.
 */
export const sidecar: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'Sidecar',
  rank: 1,
  sections: () => ['listeners', 'routes'],
  involved: (_rule, scene) => sidecarsOfCallers(scene),
  expected(rule) {
    const labels = dig(rule, 'spec', 'workloadSelector', 'labels');
    if (!isMessage(labels)) throw noSign(rule, 'a Sidecar without a workloadSelector');
    if (modeOf(rule) !== 'REGISTRY_ONLY') throw noSign(rule, 'a Sidecar without outboundTrafficPolicy REGISTRY_ONLY');
    return ['shut for whom it does not know'];
  },
  seen(_rule, _scene, _proxy, dump) {
    const policy = outboundPolicyOf(dump);
    return policy === 'open' ? [] : [`${policy} for whom it does not know`];
  },
};

function modeOf(rule: Rule): string {
  return text(dig(rule, 'spec', 'outboundTrafficPolicy', 'mode'));
}
