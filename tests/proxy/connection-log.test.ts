import { expect, test } from 'vitest';
import { connectionsIn, connectionsInWords, countConnections, restOf } from '../../mesh/proxy/connection-log.ts';

const host = 'outside-5f2c9a01.example.test';
const passed = {
  cluster: `outbound|443|outside|istio-egressgateway.istio-system.svc.cluster.local`,
  upstream: '10.244.0.7:8443',
  serverName: host,
};

test.each([
  [
    'a connection, in words',
    `[2026-11-20T22:31:37.750Z] "- - -" 0 - - - "-" 808 1503 12 - "-" "-" "-" "-" "${passed.upstream}" ${passed.cluster} 10.244.0.20:50712 172.19.0.9:443 10.244.0.20:50710 ${host} -`,
    [passed],
  ],
  [
    'a request, in words',
    `[2026-11-20T22:31:37.750Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 8 1 1 "-" "-" "8c0" "${host}" "172.19.0.9:80" PassthroughCluster 10.244.0.20:1 172.19.0.9:80 10.244.0.20:2 - allow_any`,
    [{ cluster: 'PassthroughCluster', upstream: '172.19.0.9:80', serverName: '-' }],
  ],
  [
    'a connection, as JSON',
    JSON.stringify({
      upstream_cluster: passed.cluster,
      upstream_host: passed.upstream,
      requested_server_name: host,
      method: null,
    }),
    [passed],
  ],
  [
    'a request that nobody got, as JSON',
    '{"upstream_cluster":"BlackHoleCluster","upstream_host":null}',
    [{ cluster: 'BlackHoleCluster', upstream: '-', serverName: '-' }],
  ],
  ['a line that was cut', '{"upstream_cluster":"Pass', []],
  ['another line of the proxy', '2026-11-20T22:31:37.752Z\tinfo\tads\tADS: new connection for node:2', []],
])('%s', (_what, line, expected) => {
  expect(connectionsIn(line)).toEqual(expected);
});

test('many are told by where they were led', () => {
  expect(connectionsInWords(countConnections([passed, passed]))).toBe(`2 to ${passed.cluster}`);
  expect(connectionsInWords([])).toBe('nothing');
});

test.each([
  ['old\nGET /?witness=1\nnew\nnewer\n', 'new\nnewer\n'],
  ['old\nGET /?witness=1\n', ''],
  ['old\nGET /?witness=1', ''],
  ['new\nnewer\n', undefined],
])('what stands in %j after the witness is %j, whatever of the log has gone', (log, rest) => {
  expect(restOf(log, 'witness=1')).toBe(rest);
});
