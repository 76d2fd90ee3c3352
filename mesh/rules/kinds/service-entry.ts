import { dig, messages, text } from '../../proxy/dump.ts';
import { clustersOf } from '../../proxy/parts.ts';
import type { Rule } from '../rule.ts';
import { gatewaysInUse, sidecarsAsking } from '../scene.ts';
import type { Kind } from './kind.ts';

/**
 * Every port of every host becomes a cluster of that name, which is active only once its addresses are known. An address that changes
 * under an unchanged host would not show.
 */
export const serviceEntry: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'ServiceEntry',
  rank: 1,
  anywhere: true,
  sections: () => ['clusters'],
  involved: (rule, scene) => [...sidecarsAsking(hostsOf(rule), scene), ...gatewaysInUse(scene).map(({ view }) => view)],
  expected(rule) {
    const ports = messages(dig(rule, 'spec', 'ports')).map(({ number }) => Number(number));
    return hostsOf(rule).flatMap((host) => ports.map((port) => mark(port, host)));
  },
  seen(rule, _scene, _proxy, dump) {
    const hosts = new Set(hostsOf(rule));
    return clustersOf(dump).flatMap(({ name }) => {
      const [, port = '', subset, host = ''] = name.split('|');
      return subset === '' && hosts.has(host) ? [mark(Number(port), host)] : [];
    });
  },
};

function mark(port: number, host: string): string {
  return `port ${port} of ${host}`;
}

function hostsOf(rule: Rule): readonly string[] {
  const hosts = dig(rule, 'spec', 'hosts');
  return Array.isArray(hosts) ? hosts.map(text) : [];
}
