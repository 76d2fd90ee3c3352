import { dig, text } from '../../proxy/dump.ts';
import { outboundPolicyOf } from '../../proxy/outbound-policy.ts';
import { sidecarsOfCallers } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';

const SHUT = 'shut for whom it does not know';

/**
 * Shows by what becomes of traffic to those whom the mesh does not know; open is how proxies are by themselves, and no sign. What else a Sidecar says
 * leaves none either.
 */
export const sidecar: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'Sidecar',
  rank: 1,
  sections: () => ['listeners', 'routes'],
  involved: (rule, scene) =>
    dig(rule, 'spec', 'workloadSelector') === undefined ? scene.sidecars : sidecarsOfCallers(scene),
  expected(rule) {
    const mode = text(dig(rule, 'spec', 'outboundTrafficPolicy', 'mode'));
    if (mode === '') throw noSign(rule, 'a Sidecar without an outboundTrafficPolicy');
    return mode === 'REGISTRY_ONLY' ? [SHUT] : [];
  },
  seen(_rule, _scene, _proxy, dump) {
    const policy = outboundPolicyOf(dump);
    if (policy === 'open') return [];
    return [policy === 'shut' ? SHUT : 'partly shut for whom it does not know'];
  },
};
