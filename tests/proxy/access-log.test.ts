import { expect, test } from 'vitest';
import { accessLogOf } from '../../mesh/proxy/access-log.ts';
import { cluster } from '../kube/api-server.ts';

const line = {
  probe_id: 'run-1',
  user_agent: 'istio-e2e/1',
  request_id: '5c1a',
  method: 'GET',
  path: '/version',
  response_code: 200,
};

test('the log of the proxy is asked for, and of it only the requests in question are told', async () => {
  const log = [line, { ...line, probe_id: 'other-1', user_agent: 'istio-e2e/11' }]
    .map((each) => JSON.stringify(each))
    .join('\n');
  await using served = await cluster(() => ({ status: 200, body: log }));
  const found = accessLogOf(served.kube, { namespace: 'ns', name: 'prober-1', ip: '10.1.1.1' });
  expect((await found.about('run-')).map(({ id }) => id)).toEqual(['run-1']);
  expect((await found.by('istio-e2e/1')).map(({ id }) => id)).toEqual(['run-1']);
  expect(served.server.seen.at(-1)?.path).toContain('/api/v1/namespaces/ns/pods/prober-1/log');
  expect(served.server.seen.at(-1)?.path).toContain('container=istio-proxy');
});
