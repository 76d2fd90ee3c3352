import { isMessage, messages, text } from '../../proxy/dump.ts';
import { routesOf } from '../../proxy/parts.ts';
import { HarnessError } from '../../errors.ts';
import type { ProxyView } from '../../proxy/view.ts';
import { routePrefix } from '../place.ts';
import { type Rule, ruleInWords } from '../rule.ts';
import { type Scene, selectedBy } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';

/** The unique name that every http route was given becomes the name of Envoy's route. */
export const virtualService: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'VirtualService',
  rank: 2,
  sections: () => ['routes'],

  involved(rule, scene) {
    const names = gatewaysOf(rule);
    const sidecars = names.includes('mesh') ? scene.sidecars : [];
    const gateways = names.filter((name) => name !== 'mesh').flatMap((name) => behind(name, rule, scene));
    return [...new Set([...sidecars, ...gateways])];
  },

  expected(rule) {
    const spec = specOf(rule);
    const part = ['tcp', 'tls'].find((protocol) => messages(spec[protocol]).length > 0);
    if (part !== undefined) throw noSign(rule, `${part} routes`);
    const routes = messages(spec['http']);
    if (routes.length === 0) throw noSign(rule, 'a rule without http routes');
    return routes.map((route) => text(route['name']));
  },

  seen(rule, { namespace }, _proxy, dump) {
    const prefix = routePrefix(rule, namespace);
    const names = routesOf(dump).filter(({ name }) => name.startsWith(prefix));
    // A match that has a name of its own appends it; several matches of one route repeat the name.
    return [...new Set(names.map(({ name }) => name.replace(/(#\d+\.\d+)\..*$/, '$1')))];
  },
};

function gatewaysOf(rule: Rule): readonly string[] {
  const names = specOf(rule)['gateways'];
  return Array.isArray(names) && names.length > 0 ? names.map(text) : ['mesh'];
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

function specOf({ spec }: Rule): Readonly<Record<string, unknown>> {
  return isMessage(spec) ? spec : {};
}
