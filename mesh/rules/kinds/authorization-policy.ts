import { dig, messages, text } from '../../proxy/dump.ts';
import { guardsOf } from '../../proxy/guards.ts';
import type { Rule } from '../rule.ts';
import { type Kind, noSign } from './kind.ts';
import { everywhere, guardedBy } from './selected.ts';

/** Every rule of a policy stands under a name of its own in the proxy's filter, which also says what becomes of a request. */
export const authorizationPolicy: Kind = {
  apiGroup: 'security.istio.io',
  kind: 'AuthorizationPolicy',
  rank: 3,
  inPlace: false,
  sections: () => ['listeners'],
  involved: guardedBy,

  expected(rule) {
    const action = text(dig(rule, 'spec', 'action')) || 'ALLOW';
    if (action !== 'ALLOW' && action !== 'DENY') throw noSign(rule, `action ${action}`);
    // One without rules matches nothing, and shows as one rule that never does.
    const rules = Math.max(1, messages(dig(rule, 'spec', 'rules')).length);
    return Array.from({ length: rules }, (_, index) => `${action} ${prefixOf(rule)}rule[${index}]`);
  },

  seen(rule, _scene, _proxy, dump) {
    const prefix = prefixOf(rule);
    const ways = guardsOf(dump).map((guards) =>
      guards.filter(({ name }) => name.startsWith(prefix)).map(({ action, name }) => `${action} ${name}`),
    );
    return everywhere(ways);
  },
};

function prefixOf({ metadata: { name, namespace = '' } }: Rule): string {
  return `ns[${namespace}]-policy[${name}]-`;
}
