import { expect, test } from 'vitest';
import type { Http } from '../../mesh/kube/pod-http.ts';
import { ownProxy } from '../../mesh/proxy/own-proxy.ts';
import { logHolding } from '../playwright/sample/logged.ts';

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

function proxy(answers: Readonly<Record<string, unknown>> = pages) {
  const asked: string[] = [];
  const relay: Http = {
    peer: 'pod w0/prober',
    send: ({ path }) => {
      asked.push(path);
      const page = answers[path.replace('/envoy/', '').replace(/\?.*/, '')];
      return Promise.resolve({ status: page === undefined ? 503 : 200, text: JSON.stringify(page ?? 'gone') });
    },
  };
  return { asked, own: ownProxy({ relay, log: logHolding(), namespace: 'w0', service: 'nodebook', port: 3000 }) };
}

test('counters of one subset, by their last name, and the threads looked at once', async () => {
  const { own, asked } = proxy();
  expect(await own.counts('v4')).toEqual({ upstream_rq_pending_overflow: 8, ejections_active: 1 });
  await own.counts('v4');
  expect(asked.filter((path) => path.includes('server_info'))).toHaveLength(1);
  expect(decodeURIComponent(asked[1] ?? '')).toContain('filter=^cluster\\.outbound\\|3000\\|v4\\|nodebook\\.w0\\.svc');
});

test('several threads cannot be counted, and a proxy that does not answer is named', async () => {
  const several = { ...pages, server_info: { command_line_options: { concurrency: 2 } } };
  await expect(proxy(several).own.counts('v4')).rejects.toThrow(/PROXY_HAS_THREADS/);
  await expect(proxy({}).own.counts('v4')).rejects.toThrow(
    /Reading server_info of the proxy of pod w0\/prober.*PROXY_UNREADABLE/s,
  );
});
