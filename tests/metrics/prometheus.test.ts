import { expect, test } from 'vitest';
import type { Http } from '../../mesh/kube/pod-http.ts';
import { prometheusCounters } from '../../mesh/metrics/prometheus.ts';
import { fakeClock } from '../waiting/fake-clock.ts';

const asked = 1_700_000_000;
const scraped = { namespace: 'w0', pods: ['prober-1', 'ratings-1'] };

/** Prometheus, whose scrapes of the two pods are this many seconds younger than the question, look by look. */
function prometheus(...looks: readonly (readonly [prober: number, ratings?: number])[]): Http {
  const left = [...looks];
  let last = looks[0] ?? [0];
  const result = (query: string): unknown => {
    if (query === 'time()') return [asked, `${asked}`];
    if (!query.startsWith('timestamp(up{')) {
      const metric = { __name__: 'istio_requests_total', reporter: 'source', pod: 'prober-1' };
      return [{ metric, value: [asked, '66'] }];
    }
    last = left.shift() ?? last;
    return last.map((age, index) => ({
      metric: { __name__: 'up', pod: scraped.pods[index] ?? '' },
      value: [asked, `${asked + (age ?? 0)}`],
    }));
  };
  const send: Http['send'] = ({ path }) => {
    const query = new URL(path, 'http://prometheus').searchParams.get('query') ?? '';
    return Promise.resolve({
      status: 200,
      text: JSON.stringify({ status: 'success', data: { result: result(query) } }),
    });
  };
  return { peer: 'pod istio-system/prometheus', send };
}

test('is read when every pod was scraped after the question', async () => {
  const clock = fakeClock();
  const counters = prometheusCounters(prometheus([-3, -1], [2, -1], [2, 0.01], [2, 4]), scraped, clock);
  await expect(counters.read()).resolves.toEqual([{ labels: { reporter: 'source', pod: 'prober-1' }, value: 66 }]);
  expect(clock.now()).toBe(1_500);
});

test('that scrapes a pod no more is no verdict', async () => {
  const read = prometheusCounters(prometheus([5]), scraped, fakeClock()).read();
  await expect(read).rejects.toThrow(/looked at ratings-1 again.*\[NEVER_SCRAPED\]/);
});

test('that does not answer is no verdict', async () => {
  const http: Http = { peer: 'pod', send: () => Promise.resolve({ status: 503, text: 'no endpoints' }) };
  await expect(prometheusCounters(http, scraped, fakeClock()).read()).rejects.toThrow(/PROMETHEUS_UNREADABLE/);
});
