import { dig, isMessage, messages, text } from '../../proxy/dump.ts';
import { clustersOf } from '../../proxy/parts.ts';
import type { Rule } from '../rule.ts';
import { gatewaysInUse, type Scene, sidecarsAsking } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';
import { declaredLimits, limitsInForce } from './limits.ts';

/** Parts of a policy that a mark tells: whoever uses another one must first say how it shows. */
const visible = ['connectionPool', 'outlierDetection'];

/** A cluster names the rule that shaped it and its subset, and carries the limits. */
export const destinationRule: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'DestinationRule',
  rank: 1,
  goesSingly: true,
  sections: () => ['clusters'],

  anywhere: (rule, scene) => !isOwn(rule, scene),
  // Rules for the services of others are followed in the rule's own namespace only.
  involved: (rule, scene) => [
    ...sidecarsAsking([hostOf(rule)], scene),
    ...gatewaysInUse(scene)
      .map(({ view }) => view)
      .filter(({ namespace }) => namespace === scene.namespace || isOwn(rule, scene)),
  ],

  expected(rule) {
    const spec = isMessage(rule['spec']) ? rule['spec'] : {};
    const common = policyOf(rule, spec);
    const subsets = messages(spec['subsets']).map((subset) =>
      mark(text(subset['name']), declaredLimits({ ...common, ...policyOf(rule, subset) })),
    );
    return [mark('', declaredLimits(common)), ...subsets];
  },

  seen({ metadata: { name } }, { namespace }, _proxy, dump) {
    const rule = `/namespaces/${namespace}/destination-rule/${name}`;
    const shaped = clustersOf(dump).filter((cluster) => cluster.rule.endsWith(rule));
    // A service with several ports has a cluster, and so the same mark, for each.
    return [...new Set(shaped.map(({ subset, message }) => mark(subset, limitsInForce(message))))];
  },
};

/** Whether it is for a service of the worker's own namespace. */
function isOwn(rule: Rule, { namespace }: Scene): boolean {
  const [, of = namespace] = hostOf(rule).split('.');
  return of === namespace;
}

function hostOf(rule: Rule): string {
  return text(dig(rule, 'spec', 'host'));
}

function mark(subset: string, limits: string): string {
  return `${subset === '' ? 'the whole service' : `subset ${subset}`}: ${limits}`;
}

function policyOf(rule: Rule, holder: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const policy = dig(holder, 'trafficPolicy');
  if (!isMessage(policy)) return {};
  const hidden = Object.keys(policy).find((part) => !visible.includes(part));
  if (hidden !== undefined) throw noSign(rule, `trafficPolicy.${hidden}`);
  return policy;
}
