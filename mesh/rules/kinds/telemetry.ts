import { dig, isMessage, messages } from '../../proxy/dump.ts';
import { connectionManagersOf } from '../../proxy/observers.ts';
import { specOf } from '../rule.ts';
import { type Kind, noSign } from './kind.ts';
import { everywhere, guardedBy } from './selected.ts';

/**
 * Tracing shows in everything that reads requests, by the share that is sampled. Neither the provider's name nor the rule's does. A gateway without a
 * listener shows nothing: open it first.
 */
export const telemetry: Kind = {
  apiGroup: 'telemetry.istio.io',
  kind: 'Telemetry',
  rank: 3,
  sections: () => ['listeners'],
  involved: guardedBy,

  expected(rule) {
    const hidden = Object.keys(specOf(rule)).find((part) => part !== 'selector' && part !== 'tracing');
    if (hidden !== undefined) throw noSign(rule, hidden);
    const [tracing, ...more] = messages(dig(rule, 'spec', 'tracing'));
    const share = dig(tracing, 'randomSamplingPercentage');
    if (more.length > 0 || typeof share !== 'number' || dig(tracing, 'disableSpanReporting') === true)
      throw noSign(rule, 'anything but one share of the requests to trace');
    return [mark(share)];
  },

  seen(_rule, _scene, _proxy, dump) {
    const ways = connectionManagersOf(dump).map((manager) => {
      const tracing = manager['tracing'];
      if (!isMessage(tracing)) return [];
      // Zero is left out.
      return [mark(Number(dig(tracing, 'random_sampling', 'value') ?? 0))];
    });
    return everywhere(ways);
  },
};

function mark(share: number): string {
  return `${share} % of the requests are traced`;
}
