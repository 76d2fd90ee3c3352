import { expect, test } from 'vitest';
import { remarkOn } from '../../mesh/judge/flags.ts';
import { type Circumstances, reasonFor } from '../../mesh/judge/reasons.ts';
import type { Written } from '../../mesh/proxy/agent-log.ts';
import { failed, tallyOf } from './samples.ts';

const line = (status: number, flags: readonly string[], details = '-', failure = ''): Written => ({
  status,
  flags,
  details,
  failure,
  cluster: 'outbound|3000|v4|nodebook.istio-e2e-w0.svc.cluster.local',
});

test.each([
  [line(503, ['UH']), 'rule', 'no pod of nodebook is in subset v4, as the proxy knows it (UH)'],
  [line(503, ['NC']), 'rule', 'the route to nodebook names subset v4 that no DestinationRule declares (NC)'],
  [line(404, ['NR']), 'rule', 'no route to nodebook matches the request (NR)'],
  [
    line(503, ['URX', 'UF'], 'upstream_reset_before_response_started{remote_connection_failure|refused}'),
    'mesh',
    'the proxy could not connect to nodebook (UF: remote connection failure refused)',
  ],
  [
    line(503, ['UF'], '-', 'TLS_error:|33554536:system_library:OPENSSL'),
    'rule',
    'the proxy could not connect to nodebook (UF: TLS error: 33554536:system library:OPENSSL)',
  ],
  [line(503, ['UC']), 'mesh', 'nodebook closed the connection before it had answered (UC)'],
  [
    { ...line(503, ['UC']), cluster: 'inbound|3000||' },
    'app',
    'nodebook closed the connection before it had answered (UC)',
  ],
  [
    { ...line(503, ['UF'], ''), cluster: 'outbound|80||outside.example.test' },
    'app',
    'the proxy could not connect to nodebook (UF)',
  ],
  [line(503, ['UO']), 'rule', 'a circuit breaker on the way to nodebook is open (UO)'],
  [line(504, ['UT']), 'rule', 'nodebook took longer than the route allows (UT)'],
  [line(0, ['DC']), 'mesh', 'nodebook had not answered when the caller gave up (DC)'],
  [line(500, ['DI', 'FI']), 'rule', 'a fault is injected on the way to nodebook (FI)'],
  [
    line(403, [], 'rbac_access_denied_matched_policy[ns[istio-e2e-w0]-policy[deny-all]-rule[0]]'),
    'rule',
    'AuthorizationPolicy istio-e2e-w0/deny-all refuses the request (403)',
  ],
  [line(403, [], 'rbac_access_denied_matched_policy[none]'), 'rule', 'no AuthorizationPolicy allows the request (403)'],
  [line(401, [], 'jwt_authn_access_denied{Jwt_is_expired}'), 'rule', 'the token is refused: Jwt is expired (401)'],
])('%o names its cause', (written, suspect, text) => {
  expect(remarkOn(written, 'nodebook')).toEqual({ suspect, text });
});

test('a line without a flag says nothing', () => {
  expect(remarkOn(line(200, [], 'via_upstream'), 'nodebook')).toBeUndefined();
});

const state = (...written: readonly Written[]): Circumstances => ({
  service: 'nodebook',
  workloads: [{ name: 'nodebook-v4', version: 'v4', wanted: 0, ready: 0 }],
  written,
});

test('only lines about answers like the surprising ones count', () => {
  const reason = reasonFor(tallyOf([3, failed(404)]), state(line(503, ['UO']), line(404, ['NR'])), []);
  expect(reason?.text).toBe('no route to nodebook matches the request (NR)');
});

test('where a subset has no pod, that is why the proxy found none', () => {
  const reason = reasonFor(tallyOf([3, failed(503)]), state(line(503, ['UH'])), ['v4']);
  expect(reason).toEqual({
    suspect: 'environment',
    text: 'subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready)',
  });
});
