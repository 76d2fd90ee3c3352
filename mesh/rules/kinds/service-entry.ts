import { dig, messages, type Section, text } from '../../proxy/dump.ts';
import { clustersOf, listenersOf, virtualHostsOf } from '../../proxy/parts.ts';
import type { ProxyView } from '../../proxy/view.ts';
import type { Rule } from '../rule.ts';
import { gatewaysInUse, type Scene, sidecarsAsking } from '../scene.ts';
import type { Kind } from './kind.ts';

interface Port {
  readonly number: number;
  /** Its requests are read, and not only its connections led on. */
  readonly http: boolean;
}

/**
 * Every port of every host becomes a cluster of that name, which is active only once its addresses are known. An address that changes
 * under an unchanged host would not show. A sidecar leads to it from a route table (HTTP) or a listener, which come in messages of their own; a gateway
 * does so only where a rule says it.
 */
export const serviceEntry: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'ServiceEntry',
  rank: 1,
  anywhere: () => true,
  sections: (rule) => ['clusters', ...waysIn(rule)],
  involved: (rule, scene) => [...sidecarsAsking(hostsOf(rule), scene), ...gatewaysInUse(scene).map(({ view }) => view)],
  expected(rule, scene, proxy) {
    const marks = (host: string) =>
      portsOf(rule).flatMap(({ number }) => {
        const known = [mark(number, host)];
        return isGateway(proxy, scene) ? known : [...known, wayTo(number, host)];
      });
    return hostsOf(rule).flatMap(marks);
  },
  seen(rule, scene, proxy, dump) {
    const hosts = new Set(hostsOf(rule));
    const known = clustersOf(dump).flatMap(({ name }) =>
      partsOf(name, hosts).map(({ port, host }) => mark(port, host)),
    );
    if (isGateway(proxy, scene)) return known;
    const requests = virtualHostsOf(dump).flatMap(({ name }) => {
      const [host = '', port = ''] = name.split(':');
      return hosts.has(host) ? [wayTo(Number(port), host)] : [];
    });
    const connections = listenersOf(dump)
      .flatMap(({ chains }) => chains.flatMap(({ targets }) => targets))
      .flatMap(({ cluster }) => partsOf(cluster, hosts).map(({ port, host }) => wayTo(port, host)));
    return [...known, ...requests, ...connections];
  },
};

function waysIn(rule: Rule): readonly Section[] {
  const ports = portsOf(rule);
  return [
    ...(ports.some(({ http }) => http) ? (['routes'] as const) : []),
    ...(ports.some(({ http }) => !http) ? (['listeners'] as const) : []),
  ];
}

/** Port and host of a cluster's name, where the host is one of these and the cluster is no subset. */
function partsOf(cluster: string, hosts: ReadonlySet<string>): readonly { port: number; host: string }[] {
  const [, port = '', subset, host = ''] = cluster.split('|');
  return subset === '' && hosts.has(host) ? [{ port: Number(port), host }] : [];
}

function mark(port: number, host: string): string {
  return `port ${port} of ${host}`;
}

function wayTo(port: number, host: string): string {
  return `a way to port ${port} of ${host}`;
}

function isGateway(proxy: ProxyView, { gateways }: Scene): boolean {
  return gateways.some(({ view }) => view === proxy);
}

function portsOf(rule: Rule): readonly Port[] {
  return messages(dig(rule, 'spec', 'ports')).map(({ number, protocol }) => ({
    number: Number(number),
    http: /^(HTTP|HTTP2|GRPC|GRPC-WEB)$/i.test(text(protocol)),
  }));
}

function hostsOf(rule: Rule): readonly string[] {
  const hosts = dig(rule, 'spec', 'hosts');
  return Array.isArray(hosts) ? hosts.map(text) : [];
}
