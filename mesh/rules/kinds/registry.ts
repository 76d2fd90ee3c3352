import { type Rule, ruleInWords } from '../rule.ts';
import { authorizationPolicy } from './authorization-policy.ts';
import { destinationRule } from './destination-rule.ts';
import { envoyFilter } from './envoy-filter.ts';
import { gateway } from './gateway.ts';
import { type Kind, noSign } from './kind.ts';
import { peerAuthentication } from './peer-authentication.ts';
import { requestAuthentication } from './request-authentication.ts';
import { secret } from './secret.ts';
import { serviceEntry } from './service-entry.ts';
import { sidecar } from './sidecar.ts';
import { telemetry } from './telemetry.ts';
import { virtualService } from './virtual-service.ts';

/** Every kind of rule that the harness can wait for. A new one is a file beside these and a name here. */
const kinds: readonly Kind[] = [
  secret,
  authorizationPolicy,
  destinationRule,
  envoyFilter,
  gateway,
  peerAuthentication,
  requestAuthentication,
  serviceEntry,
  sidecar,
  telemetry,
  virtualService,
];

/** @throws HarnessError NO_SIGN for a kind that is not there: a rule whose arrival cannot be seen proves nothing */
export function kindOf(rule: Rule): Kind {
  const group = rule.apiVersion.replace(/\/.*/, '');
  const kind = kinds.find((candidate) => candidate.apiGroup === group && candidate.kind === rule.kind);
  if (kind === undefined) throw noSign(rule, `kind ${rule.kind} of ${rule.apiVersion} (${ruleInWords(rule)})`);
  return kind;
}

/** Rules in the order in which they may be applied: in each step whatever the next one needs. */
export function inSteps(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const steps = Map.groupBy(rules, (rule) => kindOf(rule).rank);
  return [...steps].toSorted(([a], [b]) => a - b).map(([, step]) => step);
}
