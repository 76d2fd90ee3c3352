import { expect, test } from 'vitest';
import { flushMillisOf } from '../../mesh/trace/flush.ts';

const answering = (status: number, text: string) => ({
  peer: 'pod istio-e2e-w0/ingress-1',
  send: () => Promise.resolve({ status, text }),
});

test.each([
  ['as its runtime says', { 'tracing.zipkin.flush_interval_ms': { final_value: '1000' } }, 1000],
  ["Envoy's own, where nobody set it", { 'overload.global_downstream_max_connections': { final_value: 'true' } }, 5000],
])('a proxy keeps its spans: %s', async (_, entries, millis) => {
  const relay = answering(200, JSON.stringify({ layers: ['static'], entries }));
  expect(await flushMillisOf(relay)).toBe(millis);
});

test('a proxy that does not tell is named', async () => {
  await expect(flushMillisOf(answering(502, 'There is no Envoy admin'))).rejects.toThrow(
    /Reading the runtime of the proxy of pod istio-e2e-w0\/ingress-1: 502 There is no Envoy admin.*\[PROXY_UNREADABLE\]/s,
  );
});
