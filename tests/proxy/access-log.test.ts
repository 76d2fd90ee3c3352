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
  expect((await found.by('istio-e2e/1', 1)).map(({ id }) => id)).toEqual(['run-1']);
  expect(served.server.seen.at(-1)?.path).toContain('/api/v1/namespaces/ns/pods/prober-1/log');
  expect(served.server.seen.at(-1)?.path).toContain('container=istio-proxy');
});

test('requests are waited for until there are enough lines of them, in the JSON and in the text that Istio writes', async () => {
  const inText =
    '[2026-11-20T22:44:04.611Z] "GET /version HTTP/1.1" 500 FI fault_filter_abort - "-" 0 18 0 - "-" "istio-e2e/1" "77b2" "nodebook:3000" "-" - - 10.96.1.1:3000 10.244.0.9:41000 - nodebook#1.0';
  const coming = ['', '', `2026-11-22T01:22:04Z ${JSON.stringify(line)}\n`, `2026-11-22T01:22:05Z ${inText}\n`];
  let log = '';
  let looks = 0;
  await using served = await cluster(({ path }) => {
    if (!path.includes('follow')) log += coming[looks++] ?? '';
    return { status: 200, body: log };
  });
  await using open = await accessLogOf(served.kube, { namespace: 'ns', name: 'prober-1', ip: '10.1.1.1' }).open();
  expect((await open.by('istio-e2e/1', 2)).map(({ requestId }) => requestId)).toEqual(['5c1a', '77b2']);
  expect(looks).toBe(4);
});

test('requests without a user agent cannot be found', async () => {
  await using served = await cluster(() => ({ status: 200, body: '' }));
  await using open = await accessLogOf(served.kube, { namespace: 'ns', name: 'prober-1', ip: '10.1.1.1' }).open();
  await expect(open.by('', 1)).rejects.toThrow(
    /log of the proxy of ns\/prober-1.*SAMPLE_WITHOUT_AGENT.*ask over HTTP/s,
  );
});
