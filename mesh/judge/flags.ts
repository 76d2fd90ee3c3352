import type { Written } from '../proxy/agent-log.ts';
import type { Suspect } from './reasons.ts';

/** What a proxy wrote, as a cause: whom to suspect, and one line. */
export interface Remark {
  readonly suspect: Suspect;
  readonly text: string;
}

interface Flag {
  readonly flag: string;
  readonly suspect: Suspect;
  says(service: string, written: Written): string;
}

/** Of several flags the first of this list is the cause, the others came of it. */
const flags: readonly Flag[] = [
  { flag: 'FI', suspect: 'rule', says: (service) => `a fault is injected on the way to ${service} (FI)` },
  { flag: 'UO', suspect: 'rule', says: (service) => `a circuit breaker on the way to ${service} is open (UO)` },
  {
    flag: 'NC',
    suspect: 'rule',
    says: (service, { cluster }) =>
      `the route to ${service} names ${subsetIn(cluster, 'a subset')} that no DestinationRule declares (NC)`,
  },
  { flag: 'NR', suspect: 'rule', says: (service) => `no route to ${service} matches the request (NR)` },
  {
    flag: 'UH',
    suspect: 'rule',
    says: (service, { cluster }) => `no pod of ${service} is in ${subsetIn(cluster)}, as the proxy knows it (UH)`,
  },
  {
    flag: 'UF',
    suspect: 'app',
    says: (service, { failure, details }) =>
      `the proxy could not connect to ${service} (UF${because(failure === '' ? details : failure)})`,
  },
  { flag: 'UC', suspect: 'app', says: (service) => `${service} closed the connection before it had answered (UC)` },
  { flag: 'UR', suspect: 'app', says: (service) => `${service} reset the request (UR)` },
  { flag: 'UT', suspect: 'rule', says: (service) => `${service} took longer than the route allows (UT)` },
  { flag: 'UMSDR', suspect: 'rule', says: (service) => `${service} took longer than the route allows (UMSDR)` },
  { flag: 'UAEX', suspect: 'rule', says: (service) => `an external authorizer keeps requests from ${service} (UAEX)` },
  { flag: 'RL', suspect: 'rule', says: (service) => `a rate limit on the way to ${service} is reached (RL)` },
  { flag: 'URX', suspect: 'app', says: (service) => `${service} failed as often as it was tried (URX)` },
  // The prober hangs up on nobody who answers within its patience.
  { flag: 'DC', suspect: 'mesh', says: (service) => `${service} had not answered when the caller gave up (DC)` },
];

/** The cause that a proxy names in a line of its log; undefined where the line is unremarkable. */
export function remarkOn(written: Written, service: string): Remark | undefined {
  const policy = policyIn(written.details);
  if (policy !== undefined) return { suspect: 'rule', text: `${policy} (${written.status})` };
  const found = flags.find(({ flag }) => written.flags.includes(flag));
  if (found === undefined) return undefined;
  // A handshake that fails is no matter of the application; and to a proxy that asks, another proxy answers in its place.
  const proxied =
    found.suspect === 'app' && found.flag !== 'URX' && /^outbound\|.*\.svc\b/.test(written.cluster)
      ? 'mesh'
      : found.suspect;
  const suspect = /TLS|CERTIFICATE/i.test(written.failure) ? 'rule' : proxied;
  return { suspect, text: found.says(service, written) };
}

/** The policy that refused a request, in words. */
function policyIn(details: string): string | undefined {
  const [, matched] = /^rbac_access_denied_matched_policy\[(.*)\]$/.exec(details) ?? [];
  const [, space, name] = /ns\[(.*?)\]-policy\[(.*?)\]/.exec(matched ?? '') ?? [];
  if (name !== undefined) return `AuthorizationPolicy ${space ?? ''}/${name} refuses the request`;
  if (matched !== undefined) return 'no AuthorizationPolicy allows the request';
  const [, token] = /^jwt_authn_access_denied\{(.*)\}$/.exec(details) ?? [];
  return token === undefined ? undefined : `the token is refused: ${token.replaceAll('_', ' ')}`;
}

/** `subset v2`, of `outbound|3000|v2|nodebook.istio-e2e-w0.svc.cluster.local` */
function subsetIn(cluster: string, unnamed = 'the chosen subset'): string {
  const subset = cluster.split('|')[2] ?? '';
  return subset === '' ? unnamed : `subset ${subset}`;
}

function because(words: string): string {
  const [, inner = words] = /\{(.*)\}/.exec(words) ?? [];
  return inner === '' ? '' : `: ${inner.replaceAll(/[_|]+/g, ' ').trim()}`;
}
