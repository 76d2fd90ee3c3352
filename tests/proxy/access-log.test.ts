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

test('of the log of the proxy only the requests in question are told, and only since it was opened', async () => {
  const written = [line, { ...line, probe_id: 'other-1', user_agent: 'istio-e2e/11' }].map((each) =>
    JSON.stringify(each),
  );
  const [earlier, ...later] = [{ ...line, probe_id: 'run-0' }].map((each) => JSON.stringify(each)).concat(written);
  let log = `2026-11-22T01:22:03Z ${earlier}\n`;
  await using served = await cluster(() => ({ status: 200, body: log }));
  await using found = await accessLogOf(served.kube, { namespace: 'ns', name: 'prober-1', ip: '10.1.1.1' }).open();
  log += later.map((each) => `2026-11-22T01:22:04.5Z ${each}\n`).join('');
  expect((await found.about('run-')).map(({ id }) => id)).toEqual(['run-1']);
  expect((await found.by('istio-e2e/1')).map(({ id }) => id)).toEqual(['run-1']);
  expect(served.server.seen.at(-1)?.path).toContain('/api/v1/namespaces/ns/pods/prober-1/log');
  expect(served.server.seen.at(-1)?.path).toContain('container=istio-proxy');
});
