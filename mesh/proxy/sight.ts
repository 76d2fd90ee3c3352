import type { Rule } from '../rules/rule.ts';
import type { App } from '../world/apps.ts';
import { dig, type Dump, isMessage, type Message, messages, text } from './dump.ts';
import { clustersOf, listenersOf } from './parts.ts';

/** What rules make of one service, in words that the rules and a proxy's configuration share: what is equal has equal texts. */
export interface Sight {
  readonly clusters: readonly string[];
  /** In order: the first that fits is taken. */
  readonly routes: readonly string[];
  readonly listeners: readonly string[];
}

const WHOLE = 'the whole service';

/** What a proxy in the namespace must show of a service, by the rules that are in force. */
export function sightByRules(rules: readonly Rule[], { service, port }: Pick<App, 'service' | 'port'>): Sight {
  const about = (kind: string, host: (spec: unknown) => readonly unknown[]) =>
    rules.filter((rule) => rule.kind === kind && host(rule['spec']).includes(service));
  const [destination] = about('DestinationRule', (spec) => [dig(spec, 'host')]);
  const [virtual] = about('VirtualService', (spec) => list(dig(spec, 'hosts')));
  const shaper = destination?.metadata.name ?? 'no rule';
  const subsets = ['', ...messages(dig(destination, 'spec', 'subsets')).map(({ name }) => text(name))];
  return {
    clusters: subsets.map((subset) => clusterInWords(subset, shaper)),
    routes: virtual === undefined ? [`anything to ${WHOLE} 100`] : routesByRule(virtual),
    listeners: [`port ${port} by route table ${port}`, `${service}'s own port ${port}`],
  };
}

/** What a proxy shows of it. Its own port it shows only beside the service's own program. */
export function sightInProxy(dump: Dump, { service, port }: App, namespace: string): Sight {
  const host = `${service}.${namespace}.svc.cluster.local`;
  const mine = clustersOf(dump).filter(({ name }) => name.startsWith(`outbound|${port}|`) && name.endsWith(`|${host}`));
  const tables = (dump.routes ?? []).map((entry) => dig(entry, 'route_config'));
  const hosts = tables
    .filter((table) => text(dig(table, 'name')) === `${port}`)
    .flatMap((table) => messages(dig(table, 'virtual_hosts')))
    .filter((one) => list(one['domains']).includes(host));
  const outbound = listenersOf(dump).filter(({ name }) => name === `0.0.0.0_${port}`);
  return {
    clusters: mine.map(({ subset, rule }) => clusterInWords(subset, rule.replace(/^.*\//, '') || 'no rule')),
    routes: hosts.flatMap((one) => messages(one['routes']).map(routeInProxy)),
    listeners: [
      ...outbound.flatMap(({ chains }) => chains.map(({ table }) => `port ${port} by route table ${table}`)),
      ...(takesIn(dump, port) ? [`${service}'s own port ${port}`] : []),
    ],
  };
}

function clusterInWords(subset: string, shaper: string): string {
  return `${subset === '' ? WHOLE : `subset ${subset}`}, shaped by ${shaper}`;
}

function routesByRule(rule: Rule): readonly string[] {
  return messages(dig(rule, 'spec', 'http')).flatMap((route) => {
    const ways = messages(route['route']).map(({ destination, weight }) => [
      text(dig(destination, 'subset')),
      typeof weight === 'number' ? weight : 100,
    ]) as readonly (readonly [string, number])[];
    const matches = messages(route['match']);
    const conditions = matches.length === 0 ? [[]] : matches.map(conditionsByRule);
    return conditions.map((all) => routeInWords(all, ways));
  });
}

function conditionsByRule(match: Message): readonly string[] {
  const { uri, headers } = match;
  const paths = isMessage(uri) ? [`path ${matcherInWords(uri)}`] : [];
  const names = isMessage(headers) ? Object.entries(headers) : [];
  return [...paths, ...names.map(([name, matcher]) => `${name} ${matcherInWords(matcher)}`)];
}

/** `app-ver exact v3 to v3 100` */
export function routeInProxy({ match, route }: Message): string {
  const { prefix, path, safe_regex: regex } = isMessage(match) ? match : {};
  const paths = [
    ...(typeof path === 'string' ? [`path exact ${path}`] : []),
    ...(typeof prefix === 'string' && prefix !== '/' ? [`path prefix ${prefix}`] : []),
    ...(isMessage(regex) ? [`path regex ${text(regex['regex'])}`] : []),
  ];
  const headers = messages(dig(match, 'headers')).map(
    ({ name, string_match: matcher }) => `${text(name)} ${matcherInWords(matcher)}`,
  );
  const lone = text(dig(route, 'cluster'));
  const ways =
    lone === ''
      ? messages(dig(route, 'weighted_clusters', 'clusters')).map(
          ({ name, weight }) => [subsetOf(text(name)), Number(weight)] as const,
        )
      : [[subsetOf(lone), 100] as const];
  return routeInWords([...paths, ...headers], ways);
}

function routeInWords(conditions: readonly string[], ways: readonly (readonly [string, number])[]): string {
  const to = ways.map(([subset, weight]) => `${subset === '' ? WHOLE : subset} ${weight}`).join(', ');
  return `${conditions.length === 0 ? 'anything' : conditions.toSorted().join(' and ')} to ${to}`;
}

/** `{ exact: v3 }` of a rule, and the same of a proxy, where a regular expression stands one level deeper. */
function matcherInWords(matcher: unknown): string {
  if (!isMessage(matcher)) return 'present';
  const [[how, value] = ['', '']] = Object.entries(matcher).filter(([key]) => key !== 'ignore_case');
  return isMessage(value) ? `regex ${text(value['regex'])}` : `${how} ${String(value)}`;
}

function subsetOf(cluster: string): string {
  return cluster.split('|')[2] ?? '';
}

/** Whether what comes in on that port is led to the program behind it. */
function takesIn({ listeners = [] }: Dump, port: number): boolean {
  const inbound = listeners.map((entry) => dig(entry, 'active_state', 'listener'));
  return inbound
    .filter((listener) => text(dig(listener, 'name')) === 'virtualInbound')
    .flatMap((listener) => messages(dig(listener, 'filter_chains')))
    .some((chain) => dig(chain, 'filter_chain_match', 'destination_port') === port);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
