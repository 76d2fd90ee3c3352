import { dig, isMessage, messages } from '../../proxy/dump.ts';
import { connectionManagersOf, type RequestCounter, requestCountersOf } from '../../proxy/observers.ts';
import type { ProxyView } from '../../proxy/view.ts';
import type { Rule } from '../rule.ts';
import type { Scene } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';
import { everywhere, hasAll } from './selected.ts';

/**
 * An EnvoyFilter can do anything, and bears no name in a proxy. Here it has a sign where it makes the proxy count requests by an access logger: the
 * counters with their labels.
 */
export const envoyFilter: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'EnvoyFilter',
  rank: 3,
  sections: () => ['listeners'],
  involved: selected,

  expected(rule) {
    const patches = messages(dig(rule, 'spec', 'configPatches'));
    const counters = patches.map((patch) => requestCountersOf(dig(patch, 'patch', 'value', 'typed_config')));
    if (counters.length !== 1 || counters[0]?.length === 0)
      throw noSign(rule, 'anything but one patch that counts requests');
    return counters.flat().map(mark);
  },

  seen(rule, _scene, _proxy, dump) {
    const inbound = dig(messages(dig(rule, 'spec', 'configPatches'))[0], 'match', 'context') === 'SIDECAR_INBOUND';
    const managers = connectionManagersOf(dump, inbound ? 'inbound' : 'outbound');
    return everywhere(managers.map((manager) => requestCountersOf(manager).map(mark)));
  },
};

function selected(rule: Rule, { workloads = [], namespace }: Scene): readonly ProxyView[] {
  const wanted = dig(rule, 'spec', 'workloadSelector', 'labels');
  if (!isMessage(wanted) || Object.keys(wanted).length === 0)
    throw noSign(rule, 'all workloads of a namespace: name them by a workloadSelector');
  return workloads.filter((one) => one.namespace === namespace && hasAll(one.labels, wanted)).map(({ view }) => view);
}

function mark({ name, labels }: RequestCounter): string {
  return `counts ${name} by ${labels.map(([label, format]) => `${label}=${format}`).join(', ')}`;
}
