import { expect, test } from 'vitest';
import { logLines } from '../../mesh/proxy/log-line.ts';

const json = {
  probe_id: 'run-1',
  request_id: '5c1a',
  user_agent: 'istio-e2e/1',
  method: 'GET',
  path: '/version',
  response_code: 500,
  response_flags: 'FI,DI',
  response_code_details: 'fault_filter_abort',
  upstream_transport_failure_reason: null,
  route_name: 'nodebook.istio-e2e-w0#71.0',
  bytes_received: 0,
  bytes_sent: 18,
  upstream_cluster: 'outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local',
  upstream_host: null,
  requested_server_name: '-',
};
const read = {
  id: 'run-1',
  requestId: '5c1a',
  agent: 'istio-e2e/1',
  method: 'GET',
  path: '/version',
  status: 500,
  flags: ['FI', 'DI'],
  details: 'fault_filter_abort',
  failure: '',
  route: 'nodebook.istio-e2e-w0#71.0',
  bytesReceived: 0,
  bytesSent: 18,
  cluster: 'outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local',
  upstream: '',
  serverName: '',
};
const words =
  '[2026-11-20T22:44:04.611Z] "GET /version HTTP/1.1" 500 FI,DI fault_filter_abort - "-" 0 18 0 - "-" "istio-e2e/1" "5c1a" "nodebook:3000" "-" outbound|3000|v3|nodebook.istio-e2e-w0.svc.cluster.local - 10.96.1.1:3000 10.244.0.9:41000 - nodebook.istio-e2e-w0#71.0';

test('a line of JSON is read', () => {
  expect(logLines(JSON.stringify(json))).toEqual([read]);
});

test("a line of Istio's text format says the same, but for our id", () => {
  expect(logLines(words)).toEqual([{ ...read, id: '' }]);
  expect(logLines(`2026-11-20T22:44:05.295530934Z ${words}`)).toEqual([{ ...read, id: '' }]);
});

test('a user agent may have quotes in it', () => {
  expect(logLines(words.replace('istio-e2e/1', 'a "b" c'))[0]?.agent).toBe('a "b" c');
});

test('a dash is no flag, and a connection has no status', () => {
  expect(logLines(JSON.stringify({ ...json, response_flags: '-', response_code: null }))).toEqual([
    { ...read, flags: [], status: 0 },
  ]);
});

test("what is no such line is left aside: the agent's words, another format, a line that is cut, one that mentions nothing of it", () => {
  const others = [
    '2026-11-20T19:55:56Z info ready',
    '[2026-11-20] "GET / HTTP/1.1" 200',
    JSON.stringify(json).slice(0, 40),
    words,
  ];
  expect(logLines(others.slice(0, 3).join('\n'))).toEqual([]);
  expect(logLines(others.join('\n'), 'somebody else')).toEqual([]);
});
