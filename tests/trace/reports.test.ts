import { expect, test } from 'vitest';
import { type Reporter, spansLost, watchReports } from '../../mesh/trace/reports.ts';

const collector = '10.244.0.12';
const pace = { within: 50, every: 5 };

/** What Envoy 1.39 says of a host, but for what nobody reads: numbers as strings, and nothing where they are 0. */
const host = (address: string, counts: Readonly<Record<string, number>>) => ({
  address: { socket_address: { address, port_value: 9411 } },
  stats: Object.entries({ cx_connect_fail: 0, rq_error: 0, rq_timeout: 0, rq_active: 0, ...counts }).map(
    ([name, value]) => (value === 0 ? { name } : { name, value: `${value}`, type: 'GAUGE' }),
  ),
});
const cluster = (...hosts: readonly object[]) => ({
  name: 'outbound|9411||zipkin.istio-system.svc.cluster.local',
  ...(hosts.length > 0 && { host_statuses: hosts }),
});
/** It took some. */
const at = (counts: Readonly<Record<string, number>>) => [cluster(host(collector, { rq_success: 2, ...counts }))];

/** A proxy whose looks at its clusters show these, one after the other; the last one stays. */
function proxy(service: string, ...looks: readonly (readonly object[])[]): Reporter {
  const left = [...looks];
  const relay = {
    peer: `pod w0/${service}-1`,
    send: ({ path }: { readonly path: string }) => {
      if (path === '/envoy/runtime') return Promise.resolve({ status: 200, text: '{"entries":{}}' });
      expect(path).toBe('/envoy/clusters?format=json');
      const statuses = left.length > 1 ? left.shift() : left[0];
      return Promise.resolve({ status: 200, text: JSON.stringify({ cluster_statuses: statuses }) });
    },
  };
  return { service, relay };
}

const other = cluster(host('10.244.0.99', { rq_error: 7 }), { address: { pipe: { path: '/sds' } } });

test.each([
  ['nothing, where every report was taken', [at({ rq_error: 3 }), at({ rq_error: 3 })], 0],
  ['five for each report that failed since', [at({ rq_error: 3 }), at({ rq_error: 5, rq_timeout: 2 })], 10],
  [
    'nothing, where somebody else did not answer',
    [
      [...at({}), cluster()],
      [...at({}), other],
    ],
    0,
  ],
  ['nothing of a report that is answered a moment later', [at({}), at({ rq_active: 1 }), at({})], 0],
  ['those of a report that nobody answers', [at({}), at({ rq_active: 1 })], 5],
  ['any number, where the collector is gone', [at({}), [cluster()]], Infinity],
  ['any number, where it came back unknown', [at({ rq_error: 3 }), at({ rq_error: 1 })], Infinity],
  ['those that failed since it is known', [[cluster()], at({ rq_error: 1 })], 5],
  ['nothing, where it was never known', [[cluster()], [cluster()]], 0],
  [
    'nothing that the mesh let through, where not a single one was',
    [at({ rq_success: 0 }), at({ rq_success: 0, rq_error: 2 })],
    0,
  ],
])('a proxy may have lost %s', async (_, looks, lost) => {
  const losses = await watchReports([proxy('ingress', ...looks)], collector, pace);
  expect(await losses()).toEqual(lost === 0 ? new Map() : new Map([['ingress', lost]]));
});

test('the pods of a service count together', async () => {
  const one = () => proxy('reviews', at({}), at({ rq_error: 1 }));
  const losses = await watchReports([one(), one(), proxy('ratings', at({}))], collector, pace);
  expect(await losses()).toEqual(new Map([['reviews', 10]]));
});

test('a proxy that does not tell is named', async () => {
  const mute = { peer: 'pod w0/ratings-1', send: () => Promise.resolve({ status: 502, text: 'no admin' }) };
  const runtime = proxy('ratings', at({})).relay;
  const relay = {
    ...mute,
    send: (call: Parameters<typeof runtime.send>[0]) =>
      call.path.endsWith('/runtime') ? runtime.send(call) : mute.send(),
  };
  await expect(watchReports([{ service: 'ratings', relay }], collector, pace)).rejects.toThrow(
    /^Counting the reports of spans in the proxy of pod w0\/ratings-1: 502 no admin \[PROXY_UNREADABLE\]/,
  );
});

test('what was lost is a matter of the environment, and the verdict is told with it', () => {
  const losses = new Map([['ingress', 5]]);
  const error = spansLost({ backEnd: 'Zipkin', losses, verdict: 'too few' });
  expect(error).toMatchObject({ code: 'SPANS_LOST', blame: 'environment' });
  expect(error.message).toMatch(/up to 5 of ingress \[SPANS_LOST\]\n.*\n.*the test itself says: too few$/);
});
