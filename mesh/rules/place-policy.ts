import { isDeepStrictEqual } from 'node:util';
import { HarnessError } from '../errors.ts';
import { dig, isMessage } from '../proxy/dump.ts';
import { ROOT_NAMESPACE } from './kinds/selected.ts';
import type { Place } from './place.ts';
import { type Rule, ruleInWords } from './rule.ts';

/** How the tutorials select Istio's own gateway; here it is the worker's. */
export const TUTORIALS_GATEWAY = { istio: 'ingressgateway' };

/** What selects workloads by a `selector`: who may do what, and what is to be told of it. */
export function isPolicy({ apiVersion }: Rule): boolean {
  return /^(security|telemetry)\.istio\.io\//.test(apiVersion);
}

/** As for other rules: names and namespaces are set, also where a policy names those that it is about. */
export function placePolicy(rule: Rule, where: Place): Rule {
  const { labels } = where;
  // In any other namespace it selects nobody.
  const atGateway =
    rule.metadata.namespace === ROOT_NAMESPACE &&
    isDeepStrictEqual(dig(rule, 'spec', 'selector', 'matchLabels'), TUTORIALS_GATEWAY);
  const namespace = atGateway ? where.namespace : namespaceOf(rule, where);
  const metadata = { ...rule.metadata, namespace, labels: { ...rule.metadata.labels, ...labels } };
  const spec = renamed(rule['spec'], where);
  const selector = atGateway ? { selector: { matchLabels: { ...where.gateway.labels } } } : {};
  return { ...rule, metadata, spec: { ...(isMessage(spec) ? spec : {}), ...selector } };
}

function namespaceOf(rule: Rule, { namespace, districts, alone = false }: Place): string {
  const written = rule.metadata.namespace ?? 'default';
  if (written === 'default') return namespace;
  const district = districts?.get(written);
  if (district !== undefined) return district;
  if (written === ROOT_NAMESPACE && alone) return written;
  throw new HarnessError({
    code: written === ROOT_NAMESPACE ? 'NOT_ALONE' : 'DISTRICT_UNKNOWN',
    blame: 'usage',
    doing: `Placing ${ruleInWords(rule)}`,
    expected: `a namespace of the test's own: ${[...(districts?.keys() ?? []), 'default'].join(', ')}`,
    seen: written,
    next:
      written === ROOT_NAMESPACE
        ? 'a rule for the whole mesh disturbs every other test: give the test the tag @alone'
        : 'correct the namespace, or apply it through the policies fixture',
  });
}

/** `cluster.local/ns/foo/sa/x`, `httpbin.foo.svc.cluster.local` and, in a list of namespaces, `foo` itself. */
function renamed(value: unknown, { namespace, districts = new Map<string, string>() }: Place): unknown {
  const all = new Map([['default', namespace], ...districts]);
  const inText = (words: string) =>
    [...all].reduce(
      (sum, [written, real]) =>
        sum.replaceAll(`/ns/${written}/`, `/ns/${real}/`).replace(`.${written}.svc.`, `.${real}.svc.`),
      words,
    );
  const walk = (part: unknown, field: string): unknown => {
    if (Array.isArray(part)) return part.map((inner) => walk(inner, field));
    if (isMessage(part)) return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner, key)]));
    if (typeof part !== 'string') return part;
    return /namespaces$/i.test(field) ? (all.get(part) ?? part) : inText(part);
  };
  return walk(value, '');
}
