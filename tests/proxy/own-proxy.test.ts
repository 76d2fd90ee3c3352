import { expect, test } from 'vitest';
import type { Http } from '../../mesh/kube/pod-http.ts';
import { ownProxy } from '../../mesh/proxy/own-proxy.ts';

const cluster = 'outbound|3000|v4|nodebook.w0.svc.cluster.local;';
const pages = {
  server_info: { command_line_options: { concurrency: 1 } },
  stats: {
    stats: [
      { name: `cluster.${cluster}.upstream_rq_pending_overflow`, value: 8 },
      { name: `cluster.${cluster}.outlier_detection.ejections_active`, value: 1 },
      { histograms: {} },
    ],
  },
};

const line = '{"user_agent":"ours","response_code":500,"response_flags":"FI"}\n';
/** As Istio logs where nobody has set a format. */
const inText =
  '[2026-11-20T22:44:04.611Z] "GET /version HTTP/1.1" 500 FI fault_filter_abort - "-" 0 18 0 - "-" "ours" "5c1a" "nodebook:3000" "-" - - 10.96.1.1:3000 10.244.0.9:41000 - nodebook#1.0\n';

function proxy(answers: Readonly<Record<string, unknown>> = pages, wrote = line) {
  const asked: string[] = [];
  const relay: Http = {
    peer: 'pod w0/prober',
    send: ({ path }) => {
      asked.push(path);
      const page = answers[path.replace('/envoy/', '').replace(/\?.*/, '')];
      return Promise.resolve({ status: page === undefined ? 503 : 200, text: JSON.stringify(page ?? 'gone') });
    },
  };
  let written = '';
  const follow = () => ({
    text: () => (written += wrote),
    fetch: () => Promise.resolve(''),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  return { asked, own: ownProxy({ relay, follow, namespace: 'w0', service: 'nodebook', port: 3000 }) };
}

test('counters of one subset, by their last name, and the threads looked at once', async () => {
  const { own, asked } = proxy();
  expect(await own.counts('v4')).toEqual({ upstream_rq_pending_overflow: 8, ejections_active: 1 });
  await own.counts('v4');
  expect(asked.filter((path) => path.includes('server_info'))).toHaveLength(1);
  expect(decodeURIComponent(asked[1] ?? '')).toContain('filter=^cluster\\.outbound\\|3000\\|v4\\|nodebook\\.w0\\.svc');
});

test.each([
  ['the JSON', line],
  ["Istio's text", inText],
])('its log, in %s, until there are enough lines of a sample', async (_, wrote) => {
  await using log = proxy(pages, wrote).own.listen();
  const read = { status: 500, flags: ['FI'] };
  expect(await log.lines('ours', 2)).toMatchObject([read, read]);
  await expect(log.lines('', 2)).rejects.toThrow(
    /log of the proxy of pod w0\/prober.*SAMPLE_WITHOUT_AGENT.*ask over HTTP/s,
  );
});

test('several threads cannot be counted, and a proxy that does not answer is named', async () => {
  const several = { ...pages, server_info: { command_line_options: { concurrency: 2 } } };
  await expect(proxy(several).own.counts('v4')).rejects.toThrow(/PROXY_HAS_THREADS/);
  await expect(proxy({}).own.counts('v4')).rejects.toThrow(
    /Reading server_info of the proxy of pod w0\/prober.*PROXY_UNREADABLE/s,
  );
});

test('requests to which the proxy gave no id are not taken for one', async () => {
  const logged = JSON.stringify({ user_agent: 'ours', request_id: null, response_code: 200 });
  const follow = () => ({
    text: () => logged,
    fetch: () => Promise.resolve([logged, logged, logged].join('\n')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const relay: Http = { peer: 'pod w0/prober', send: () => Promise.resolve({ status: 200, text: '' }) };
  await using log = ownProxy({ relay, follow, namespace: 'w0', service: 'nodebook', port: 3000 }).listen();
  expect(await log.lines('ours', 3)).toHaveLength(3);
});

test('what a follower of a rotated log was not told of is fetched, and each request counted once', async () => {
  const logged = (id: string) => JSON.stringify({ user_agent: 'ours', request_id: id, response_code: 200 });
  const follow = () => ({
    text: () => [logged('a'), logged('b')].join('\n'),
    fetch: () => Promise.resolve([logged('b'), logged('c')].join('\n')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const relay: Http = { peer: 'pod w0/prober', send: () => Promise.resolve({ status: 200, text: '' }) };
  const own = ownProxy({ relay, follow, namespace: 'w0', service: 'nodebook', port: 3000 });
  await using log = own.listen();
  expect((await log.lines('ours', 3)).map(({ requestId }) => requestId)).toEqual(['a', 'b', 'c']);
});
