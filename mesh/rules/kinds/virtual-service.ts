import { messages, text } from '../../proxy/dump.ts';
import { routesOf } from '../../proxy/parts.ts';
import { HarnessError } from '../../errors.ts';
import type { ProxyView } from '../../proxy/view.ts';
import { routePrefix } from '../place.ts';
import { type Rule, ruleInWords, specOf } from '../rule.ts';
import { type Scene, selectedBy, sidecarsAsking } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';
import { expectedConnections, seenConnections } from './tcp-routes.ts';
import { expectedByName, seenByName } from './tls-routes.ts';

/**
 * The unique name that every http route was given becomes the name of Envoy's route. TCP and TLS routes have no names: their sign is
 * where a listener leads connections to, with the weights.
 */
export const virtualService: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'VirtualService',
  rank: 2,
  sections: (rule) => (isTcp(rule) || isTls(rule) ? ['listeners'] : ['routes']),

  involved(rule, scene) {
    const names = gatewaysOf(rule);
    const sidecars = names.includes('mesh') ? sidecarsAsking(textsIn(rule, 'hosts'), scene) : [];
    const gateways = names.filter((name) => name !== 'mesh').flatMap((name) => behind(name, rule, scene));
    return [...new Set([...sidecars, ...gateways])];
  },

  expected(rule, scene, proxy) {
    const spec = specOf(rule);
    const parts = ['http', 'tcp', 'tls'].filter((part) => messages(spec[part]).length > 0);
    if (parts.length > 1) throw noSign(rule, `${parts.join(' and ')} routes in one rule`);
    if (isTls(rule)) return expectedByName(rule, scene, proxy);
    if (isTcp(rule)) return expectedConnections(rule, scene, proxy);
    const routes = messages(spec['http']);
    if (routes.length === 0) throw noSign(rule, 'a rule without http routes');
    return routes.map((route) => text(route['name']));
  },

  seen(rule, scene, proxy, dump) {
    const { namespace } = scene;
    if (isTcp(rule)) return seenConnections(rule, scene, proxy, dump);
    if (isTls(rule)) return seenByName(rule, scene, proxy, dump);
    const prefix = routePrefix(rule, namespace);
    const names = routesOf(dump).filter(({ name }) => name.startsWith(prefix));
    // A match that has a name of its own appends it; several matches of one route repeat the name.
    return [...new Set(names.map(({ name }) => name.replace(/(#\d+\.\d+)\..*$/, '$1')))];
  },
};

function isTcp(rule: Rule): boolean {
  return messages(specOf(rule)['tcp']).length > 0;
}

function isTls(rule: Rule): boolean {
  return messages(specOf(rule)['tls']).length > 0;
}

function gatewaysOf(rule: Rule): readonly string[] {
  const names = textsIn(rule, 'gateways');
  return names.length > 0 ? names : ['mesh'];
}

function textsIn(rule: Rule, field: string): readonly string[] {
  const values = specOf(rule)[field];
  return Array.isArray(values) ? values.map(text) : [];
}

function behind(name: string, rule: Rule, scene: Scene): readonly ProxyView[] {
  const short = name.replace(`${scene.namespace}/`, '');
  const gateway = scene.inForce.find(({ kind, metadata }) => kind === 'Gateway' && metadata.name === short);
  if (gateway !== undefined) return selectedBy(gateway, scene).map(({ view }) => view);
  throw new HarnessError({
    code: 'GATEWAY_MISSING',
    blame: 'usage',
    doing: `Placing ${ruleInWords(rule)}`,
    expected: `a Gateway ${short} that is in force`,
    seen: 'none of that name was applied by this test',
    next: 'apply the file that holds the Gateway first',
  });
}
