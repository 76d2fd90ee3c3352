import { expect, test } from 'vitest';
import { writtenAbout } from '../../mesh/proxy/agent-log.ts';

const agent = 'istio-e2e/1';
const inText = (flags: string, details: string, failure = '-', by = agent) =>
  `[2026-11-20T22:44:04.611Z] "GET /version HTTP/1.1" 503 ${flags} ${details} - "${failure}" 0 19 0 - "-" "${by}" "ccb7a9dc" "nodebook:3000" "-" outbound|3000|v4|nodebook.istio-e2e-w0.svc.cluster.local - 10.96.1.1:3000 10.244.0.9:41000 - nodebook#1.0`;

test('lines of one user agent are read, whoever put a time before them', () => {
  const log = [
    inText('UH', 'no_healthy_upstream'),
    `2026-11-20T22:44:05.295530934Z ${inText('URX,UF', 'upstream_reset', 'TLS_error:_wrong')}`,
    inText('NR', 'route_not_found', '-', 'curl/8'),
    'something else about istio-e2e/1',
  ];
  expect(writtenAbout(agent, log.join('\n'))).toEqual([
    {
      status: 503,
      flags: ['UH'],
      details: 'no_healthy_upstream',
      failure: '',
      cluster: 'outbound|3000|v4|nodebook.istio-e2e-w0.svc.cluster.local',
    },
    expect.objectContaining({ flags: ['URX', 'UF'], failure: 'TLS_error:_wrong' }),
  ]);
});

test('JSON is read as well', () => {
  const entry = {
    response_code: 403,
    response_flags: '-',
    response_code_details: 'rbac_access_denied_matched_policy[none]',
    upstream_transport_failure_reason: null,
    user_agent: agent,
    upstream_cluster: null,
  };
  expect(writtenAbout(agent, JSON.stringify(entry))).toEqual([
    { status: 403, flags: [], details: 'rbac_access_denied_matched_policy[none]', failure: '', cluster: '' },
  ]);
});
