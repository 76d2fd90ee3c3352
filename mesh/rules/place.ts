import { isDeepStrictEqual } from 'node:util';
import { HarnessError } from '../errors.ts';
import { isOutsideHost } from '../outside/site.ts';
import { isMessage, messages } from '../proxy/dump.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { isPolicy, placePolicy, TUTORIALS_GATEWAY } from './place-policy.ts';
import { type Rule, ruleInWords } from './rule.ts';

/** Where a rule file is put: everything that differs between one worker and the next. */
export interface Place {
  readonly namespace: string;
  /** Labels that say whose it is. */
  readonly labels: Readonly<Record<string, string>>;
  /** The pods of the ingress gateway that is used. */
  readonly gateway: { readonly labels: Readonly<Record<string, string>>; readonly shared: boolean };
  /** What the namespaces that a file names are called here. A file that names none of them goes into the worker's own. */
  readonly districts?: ReadonlyMap<string, string>;
  /** Whether this test is alone in the mesh, and may change it as a whole. */
  readonly alone?: boolean;
  /** Differs from one application to the next; it becomes the sign that this one has arrived. */
  readonly mark: string;
}

/** The namespace that the tutorials' fully qualified host names are in. */
const tutorialHost = /\.default\.svc\.cluster\.local$/;
type Spec = Readonly<Record<string, unknown>>;

/** Sets names, namespaces and who hears of it on a parsed rule, and nothing else: what it demands of the traffic stays as it is written. */
export function place(rule: Rule, where: Place): Rule {
  if (isPolicy(rule)) return placePolicy(rule, where);
  const { namespace, labels } = where;
  const metadata = { ...rule.metadata, namespace, labels: { ...rule.metadata.labels, ...labels } };
  const settled = { ...rule, metadata };
  if (!isMessage(rule['spec'])) return settled;
  const spec = heard(withHosts(rule['spec'], namespace), where, rule);
  if (rule.kind === 'Gateway') return { ...settled, spec: gatewaySpec(spec, where, rule) };
  if (rule.kind === 'VirtualService') return { ...settled, spec: virtualServiceSpec(spec, where, rule) };
  return { ...settled, spec };
}

/**
 * Who shares nothing of the rule need not hear of it: otherwise every rule of one worker is work for the proxies of all others. What
 * stands on a gateway that all share must be visible there, too.
 */
function heard(spec: Spec, { gateway }: Place, { kind }: Rule): Spec {
  if (!['VirtualService', 'DestinationRule'].includes(kind) || spec['exportTo'] !== undefined) return spec;
  return { ...spec, exportTo: gateway.shared ? ['.', ISTIO_NAMESPACE] : ['.'] };
}

/** Route names of one VirtualService, whatever the application: `nodebook.istio-e2e-w0#`. */
export function routePrefix(rule: Rule, namespace: string): string {
  return `${rule.metadata.name}.${namespace}#`;
}

/** A host that several workers share an ingress gateway for: `nodebook.example.com` -> `istio-e2e-w0.nodebook.example.com`. */
export function ownHost(host: string, namespace: string): string {
  return `${namespace}.${host}`;
}

function gatewaySpec(spec: Spec, { gateway, namespace }: Place, rule: Rule): Spec {
  const servers = messages(spec['servers']).map((server) =>
    gateway.shared
      ? { ...server, hosts: strings(server['hosts']).map((host) => sharedHost(host, namespace, rule)) }
      : server,
  );
  return { ...spec, selector: selectorFor(spec['selector'], gateway), servers };
}

/** The tutorials' selector of Istio's own gateway means the one that is used. Any other stays, and selects whom it selects: nobody, where it is misspelt. */
function selectorFor(written: unknown, { labels, shared }: Place['gateway']): unknown {
  return !shared && isDeepStrictEqual(written, TUTORIALS_GATEWAY) ? { ...labels } : written;
}

function virtualServiceSpec(spec: Spec, { gateway, namespace, mark }: Place, rule: Rule): Spec {
  const prefix = routePrefix(rule, namespace);
  const http = messages(spec['http']).map((route, index) => ({ ...route, name: `${prefix}${mark}.${index}` }));
  const named = http.length === 0 ? spec : { ...spec, http };
  const behindShared = gateway.shared && strings(spec['gateways']).some((name) => name !== 'mesh');
  if (!behindShared) return named;
  return { ...named, hosts: strings(spec['hosts']).map((host) => sharedHost(host, namespace, rule)) };
}

function sharedHost(host: string, namespace: string, rule: Rule): string {
  // Those of the outside world are one test's alone already.
  if (isOutsideHost(host)) return host;
  if (!host.includes('*')) return ownHost(host, namespace);
  throw new HarnessError({
    code: 'HOST_SWALLOWS_OTHERS',
    blame: 'usage',
    doing: `Placing ${ruleInWords(rule)} on the ingress gateway that all workers share`,
    expected: 'hosts without a star',
    seen: host,
    next: "name a host, or use the worker's own gateway",
  });
}

/** Fully qualified names of the tutorials' namespace become those of the worker's, wherever they stand. */
function withHosts(value: Spec, namespace: string): Spec {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replace(tutorialHost, `.${namespace}.svc.cluster.local`);
    if (Array.isArray(part)) return part.map(walk);
    return isMessage(part) ? Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)])) : part;
  };
  return walk(value) as Spec;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
