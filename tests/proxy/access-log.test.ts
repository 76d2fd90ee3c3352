import { expect, test } from 'vitest';
import { accessLogOf, parseAccessLog } from '../../mesh/proxy/access-log.ts';
import { cluster } from '../kube/api-server.ts';

const line = {
  probe_id: 'run-1',
  request_id: '5c1a',
  method: 'GET',
  path: '/version',
  response_code: 500,
  response_flags: 'FI,DI',
  response_code_details: 'fault_filter_abort',
  route_name: 'nodebook.istio-e2e-w0#71.0',
  bytes_received: 0,
  bytes_sent: 18,
  upstream_cluster: 'outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local',
  upstream_host: null,
};

test('a line of the access log becomes a request', () => {
  expect(parseAccessLog(JSON.stringify(line))).toEqual([
    {
      id: 'run-1',
      requestId: '5c1a',
      method: 'GET',
      path: '/version',
      status: 500,
      flags: ['FI', 'DI'],
      details: 'fault_filter_abort',
      route: 'nodebook.istio-e2e-w0#71.0',
      bytesReceived: 0,
      bytesSent: 18,
      cluster: 'outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local',
      upstream: '',
    },
  ]);
});

test('a dash is no flag', () => {
  expect(parseAccessLog(JSON.stringify({ ...line, response_flags: '-' }))[0]?.flags).toEqual([]);
});

test("what is no request's line is left aside: the agent's words, other formats, a line that is cut", () => {
  const cut = JSON.stringify(line).slice(0, 40);
  expect(parseAccessLog(`2026-11-20T19:55:56Z info ready\n[2026-11-20] "GET / HTTP/1.1" 200\n${cut}`)).toEqual([]);
});

test('the log of the proxy is asked for, and of it only the requests in question are told', async () => {
  const log = [line, { ...line, probe_id: 'other-1' }].map((each) => JSON.stringify(each)).join('\n');
  await using served = await cluster(() => ({ status: 200, body: log }));
  const found = accessLogOf(served.kube, { namespace: 'ns', name: 'prober-1', ip: '10.1.1.1' });
  expect((await found.about('run-')).map(({ id }) => id)).toEqual(['run-1']);
  expect(served.server.seen.at(-1)?.path).toContain('/api/v1/namespaces/ns/pods/prober-1/log');
  expect(served.server.seen.at(-1)?.path).toContain('container=istio-proxy');
});
