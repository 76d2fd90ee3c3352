import { stringify } from 'yaml';
import type { Kube } from '../kube/kube.ts';
import { eventsIn, logTail } from '../kube/diagnosis.ts';
import { podsOf } from '../kube/pods.ts';
import { type Dump, dig, isMessage, type Message, messages, text } from '../proxy/dump.ts';
import type { ProxyView } from '../proxy/view.ts';
import { redact } from '../redact.ts';
import { routePrefix } from '../rules/place.ts';
import type { Rule } from '../rules/rule.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { messageOf } from '../errors.ts';

/** A small named piece of what the cluster looked like when a test failed. */
export interface Piece {
  readonly name: string;
  readonly contentType: 'text/plain' | 'application/json' | 'application/yaml';
  readonly body: string;
}

export interface Scope {
  readonly kube: Kube;
  readonly namespace: string;
  readonly rules: readonly Rule[];
  readonly proxies: readonly ProxyView[];
}

const CAP = 64 * 1024;
const LOG_LINES = 15;
const LONGEST_LINE = 320;

/** Everything that helps to understand a failure, taken before anything is cleaned up. What cannot be had says why. */
export async function takeEvidence(scope: Scope): Promise<readonly Piece[]> {
  const { kube, namespace, rules, proxies } = scope;
  const pieces = await Promise.all([
    piece('rules-in-force.yaml', 'application/yaml', () => rulesInForce(kube, rules)),
    ...proxies.map((proxy) => piece(`proxy-${proxy.pod}.json`, 'application/json', () => viewOf(proxy, scope))),
    piece('events.txt', 'text/plain', () => eventsIn(kube, namespace)),
    piece('logs.txt', 'text/plain', () => logsOf(kube, namespace)),
    piece('log-istiod.txt', 'text/plain', () => logsOf(kube, ISTIO_NAMESPACE, { app: 'istiod' })),
  ]);
  return pieces;
}

async function piece(name: string, contentType: Piece['contentType'], take: () => Promise<string>): Promise<Piece> {
  try {
    return { name, contentType, body: capped(redact(await take())) };
  } catch (error) {
    return {
      name,
      contentType: 'text/plain',
      body: `could not be taken: ${messageOf(error)}`,
    };
  }
}

/** As the API server has them now, which may differ from what was applied. */
async function rulesInForce(kube: Kube, rules: readonly Rule[]): Promise<string> {
  const found = await Promise.all(rules.filter(({ kind }) => kind !== 'Secret').map((rule) => kube.get(rule)));
  const shown = found.filter((rule) => rule !== undefined).map((rule) => stringify(withoutBookkeeping(rule)));
  return shown.length === 0 ? '# no rule is in force\n' : shown.join('---\n');
}

function withoutBookkeeping({ apiVersion, kind, metadata, ...rest }: Rule): object {
  const kept = Object.entries(metadata).filter(([field]) => field !== 'managedFields');
  return { apiVersion, kind, metadata: Object.fromEntries(kept), ...rest };
}

/** Of a proxy's configuration, what concerns this namespace: the whole would be megabytes. */
async function viewOf(proxy: ProxyView, { namespace, rules }: Scope): Promise<string> {
  const dump = await proxy.read(['routes', 'clusters', 'listeners']);
  const prefixes = rules.map((rule) => routePrefix(rule, namespace));
  return JSON.stringify(concerning(dump, namespace, prefixes), undefined, 1);
}

function concerning(
  { routes = [], clusters = [], listeners = [] }: Dump,
  namespace: string,
  prefixes: readonly string[],
): object {
  const mentions = (part: unknown) =>
    [`.${namespace}.svc`, ...prefixes].some((word) => JSON.stringify(part).includes(word));
  return {
    routes: routes
      .map((entry) => dig(entry, 'route_config'))
      .filter(mentions)
      .map(hostsOnly(mentions)),
    clusters: clusters.map((entry) => dig(entry, 'cluster')).filter((part) => mentions(part) && shaped(part)),
    listeners: listeners.filter((entry) => /(virtualInbound|0\.0\.0\.0_(80|443|8080|8443))$/.test(text(entry['name']))),
  };
}

function hostsOnly(mentions: (part: unknown) => boolean) {
  return (table: unknown) => ({
    name: dig(table, 'name'),
    virtual_hosts: messages(dig(table, 'virtual_hosts')).filter(mentions),
  });
}

/** Clusters that a rule has shaped. */
function shaped(cluster: unknown): cluster is Message {
  return isMessage(cluster) && text(dig(cluster, 'metadata', 'filter_metadata', 'istio', 'config')) !== '';
}

async function logsOf(kube: Kube, namespace: string, labels: Readonly<Record<string, string>> = {}): Promise<string> {
  const pods = await podsOf(kube, { namespace, labels });
  const tails = pods.flatMap(({ name, containers }) =>
    containers
      .filter((container) => container !== 'istio-init')
      .map((container) => tailOf(kube, namespace, name, container)),
  );
  return (await Promise.all(tails)).join('\n');
}

async function tailOf(kube: Kube, namespace: string, pod: string, container: string): Promise<string> {
  const lines = redact(await logTail(kube, namespace, pod, container, LOG_LINES)).split('\n');
  return [`== ${pod} ${container}`, ...lines.map((line) => line.slice(0, LONGEST_LINE))].join('\n');
}

function capped(body: string): string {
  return body.length <= CAP ? body : `${body.slice(0, CAP)}\n... cut at ${CAP} characters of ${body.length}`;
}
