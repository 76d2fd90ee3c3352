import { dig, isMessage, messages, text } from '../proxy/dump.ts';
import type { Issuer } from '../token/issuer.ts';
import type { Rule } from './rule.ts';

/**
 * Puts an issuer's public keys into the RequestAuthentications that trust it: into the rule itself, or, where the rule points to httpbin's
 * `/base64/`, at the end of that address, which answers with them.
 */
export function withKeys(rule: Rule, { jwks }: Issuer): Rule {
  const jwtRules = messages(dig(rule, 'spec', 'jwtRules'));
  if (rule.kind !== 'RequestAuthentication' || !isMessage(rule['spec'])) return rule;
  const trusting = jwtRules.map((jwtRule) => {
    const uri = text(jwtRule['jwksUri']);
    if (uri === '') return { ...jwtRule, jwks };
    // In the alphabet of addresses, but with the padding that httpbin insists on.
    const encoded = Buffer.from(jwks).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    return { ...jwtRule, jwksUri: `${uri}${encoded}` };
  });
  return { ...rule, spec: { ...rule['spec'], jwtRules: trusting } };
}
