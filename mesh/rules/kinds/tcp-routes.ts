import { dig, type Dump, type Message, messages, text } from '../../proxy/dump.ts';
import { listenersOf, type Target } from '../../proxy/parts.ts';
import type { ProxyView } from '../../proxy/view.ts';
import type { Rule } from '../rule.ts';
import type { GatewayProxy, Scene } from '../scene.ts';
import { noSign } from './kind.ts';

/** Where connections to a gateway's port must be led, as the rule says: `31400: tcp-echo v1 80, tcp-echo v2 20`. */
export function expectedConnections(rule: Rule, scene: Scene, proxy: ProxyView): readonly string[] {
  const gateway = gatewayOf(rule, scene, proxy);
  return routesOf(rule).flatMap((route) => {
    const targets = messages(route['route']).map((one) => targetOf(one, scene.namespace));
    return portsOf(rule, route).map((port) => mark(gateway.listenerPort(port), targets));
  });
}

/** Where a gateway leads the connections to the ports that the rule names. */
export function seenConnections(rule: Rule, scene: Scene, proxy: ProxyView, dump: Dump): readonly string[] {
  const gateway = gatewayOf(rule, scene, proxy);
  const ports = new Set(
    routesOf(rule)
      .flatMap((route) => portsOf(rule, route))
      .map((port) => gateway.listenerPort(port)),
  );
  return listenersOf(dump)
    .filter(({ port }) => ports.has(port))
    .flatMap(({ port, chains }) => chains.map(({ targets }) => mark(port, targets)));
}

function routesOf(rule: Rule): readonly Message[] {
  return messages(dig(rule, 'spec', 'tcp'));
}

function portsOf(rule: Rule, route: Message): readonly number[] {
  const ports = messages(route['match']).map(({ port }) => Number(port));
  if (ports.length === 0 || ports.some(Number.isNaN)) throw noSign(rule, 'a tcp route that matches no port');
  return ports;
}

/** Where one destination of a rule leads, as a proxy names it. */
export function targetOf(route: Message, namespace: string): Target {
  const host = text(dig(route, 'destination', 'host'));
  const full = host.includes('.') ? host : `${host}.${namespace}.svc.cluster.local`;
  const port = Number(dig(route, 'destination', 'port', 'number'));
  const subset = text(dig(route, 'destination', 'subset'));
  return { cluster: `outbound|${port}|${subset}|${full}`, weight: Number(route['weight'] ?? 100) };
}

/** The same targets in any order are the same text. */
export function targetsInWords(targets: readonly Target[]): string {
  return targets
    .map(({ cluster, weight }) => `${cluster} ${weight}`)
    .toSorted()
    .join(', ');
}

function mark(port: number, targets: readonly Target[]): string {
  return `${port}: ${targetsInWords(targets)}`;
}

function gatewayOf(rule: Rule, { gateways }: Scene, view: ProxyView): GatewayProxy {
  const gateway = gateways.find((candidate) => candidate.view === view);
  if (gateway === undefined) throw noSign(rule, 'tcp routes of a sidecar');
  return gateway;
}
