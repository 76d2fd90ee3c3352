import { dig, messages, text } from '../../proxy/dump.ts';
import { keyIds, tokenProvidersOf } from '../../proxy/guards.ts';
import type { Rule } from '../rule.ts';
import { type Kind, noSign } from './kind.ts';
import { everywhere, guardedBy } from './selected.ts';

/** Keys that stand in a rule, or that the address they are fetched from ends in: `/base64/eyJrZXlz...`. */
const carried = /\/base64\/([\w-]+=*)$/;

/**
 * The proxy's filter knows an issuer by its name, with the audiences and the keys. istiod fetches keys that a rule only points to; until
 * it has them it gives the proxies a key that nobody has.
 */
export const requestAuthentication: Kind = {
  apiGroup: 'security.istio.io',
  kind: 'RequestAuthentication',
  rank: 2,
  inPlace: false,
  sections: () => ['listeners'],
  involved: guardedBy,

  expected: (rule) =>
    messages(dig(rule, 'spec', 'jwtRules')).map((jwtRule) => {
      const audiences = jwtRule['audiences'];
      const keys = keysOf(rule, jwtRule);
      return mark(text(jwtRule['issuer']), Array.isArray(audiences) ? audiences.map(text) : [], keys);
    }),

  seen(rule, _scene, _proxy, dump) {
    const issuers = new Set(messages(dig(rule, 'spec', 'jwtRules')).map(({ issuer }) => text(issuer)));
    const ways = tokenProvidersOf(dump).map((providers) =>
      providers
        .filter(({ issuer }) => issuers.has(issuer))
        .map(({ issuer, audiences, keys }) => mark(issuer, audiences, keys)),
    );
    return everywhere(ways);
  },
};

function keysOf(rule: Rule, jwtRule: Readonly<Record<string, unknown>>): readonly string[] {
  const [, encoded = ''] = carried.exec(text(jwtRule['jwksUri'])) ?? [];
  const keys = keyIds(text(jwtRule['jwks']) || Buffer.from(encoded, 'base64url').toString());
  if (keys.length === 0) throw noSign(rule, 'keys that are not known here');
  return keys;
}

function mark(issuer: string, audiences: readonly string[], keys: readonly string[]): string {
  const wanted = audiences.length === 0 ? 'anybody' : audiences.toSorted().join(', ');
  return `tokens of ${issuer} for ${wanted}, checked with key ${keys.toSorted().join(', ')}`;
}
