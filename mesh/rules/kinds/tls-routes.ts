import { dig, type Dump, type Message, messages, text } from '../../proxy/dump.ts';
import { listenersOf } from '../../proxy/parts.ts';
import type { ProxyView } from '../../proxy/view.ts';
import type { Rule } from '../rule.ts';
import { type GatewayProxy, type Scene, selectedBy } from '../scene.ts';
import { noSign } from './kind.ts';
import { targetOf, targetsInWords } from './tcp-routes.ts';

/** A condition of a tls route: names in the handshake, on a port, for sidecars or gateways. */
interface Match {
  readonly gateways: readonly string[];
  readonly port: number;
  readonly names: readonly string[];
}

/** Where connections must be led by the name in their handshake: `443 for httpbin.org: outbound|443||httpbin.org 100`. */
export function expectedByName(rule: Rule, scene: Scene, proxy: ProxyView): readonly string[] {
  const gateway = gatewayOf(scene, proxy);
  return messages(dig(rule, 'spec', 'tls')).flatMap((route) => {
    const targets = messages(route['route']).map((one) => targetOf(one, scene.namespace));
    return matchesOf(rule, route)
      .filter((match) => concerns(match, scene, gateway))
      .flatMap(({ port, names }) => {
        const led = targetsInWords(targets);
        if (gateway === undefined && names.some((name) => led === itself(port, name)))
          throw noSign(rule, 'a tls route of a sidecar that leads to where connections go without it');
        return names.map((name) => mark(gateway?.listenerPort(port) ?? port, name, led));
      });
  });
}

/** Where a proxy leads connections with the names that the rule has, unless it does so without any rule. */
export function seenByName(rule: Rule, scene: Scene, proxy: ProxyView, dump: Dump): readonly string[] {
  const gateway = gatewayOf(scene, proxy);
  const routes = messages(dig(rule, 'spec', 'tls'));
  const names = new Set(routes.flatMap((route) => matchesOf(rule, route)).flatMap((match) => match.names));
  return listenersOf(dump).flatMap(({ port, chains }) =>
    chains.flatMap(({ serverNames, targets }) =>
      serverNames
        .filter((name) => names.has(name))
        .filter((name) => gateway !== undefined || targetsInWords(targets) !== itself(port, name))
        .map((name) => mark(port, name, targetsInWords(targets))),
    ),
  );
}

function matchesOf(rule: Rule, route: Message): readonly Match[] {
  const named = strings(dig(rule, 'spec', 'gateways'));
  return messages(route['match']).map((match) => {
    const gateways = strings(match['gateways']);
    const port = Number(match['port']);
    if (Number.isNaN(port)) throw noSign(rule, 'a tls route that matches no port');
    const own = gateways.length > 0 ? gateways : named;
    return { gateways: own.length > 0 ? own : ['mesh'], port, names: strings(match['sniHosts']) };
  });
}

function concerns({ gateways }: Match, scene: Scene, gateway: GatewayProxy | undefined): boolean {
  if (gateway === undefined) return gateways.includes('mesh');
  return scene.inForce.some(
    (rule) =>
      rule.kind === 'Gateway' && gateways.includes(rule.metadata.name) && selectedBy(rule, scene).includes(gateway),
  );
}

function gatewayOf({ gateways }: Scene, proxy: ProxyView): GatewayProxy | undefined {
  return gateways.find(({ view }) => view === proxy);
}

/** What a sidecar does with a name in the registry by itself. */
function itself(port: number, name: string): string {
  return targetsInWords([{ cluster: `outbound|${port}||${name}`, weight: 100 }]);
}

function mark(port: number, name: string, targets: string): string {
  return `${port} for ${name}: ${targets}`;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
