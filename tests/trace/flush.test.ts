import { expect, test } from 'vitest';
import { flushOf } from '../../mesh/trace/flush.ts';

const answering = (status: number, text: string) => ({
  peer: 'pod istio-e2e-w0/ingress-1',
  send: () => Promise.resolve({ status, text }),
});

test.each([
  [
    'as its runtime says',
    {
      'tracing.zipkin.flush_interval_ms': { final_value: '1000' },
      'tracing.zipkin.min_flush_spans': { final_value: '3' },
    },
    { millis: 1000, spans: 3 },
  ],
  [
    "Envoy's own, where nobody set it",
    { 'overload.global_downstream_max_connections': { final_value: 'true' } },
    { millis: 5000, spans: 5 },
  ],
])('a proxy keeps its spans: %s', async (_, entries, flush) => {
  const relay = answering(200, JSON.stringify({ layers: ['static'], entries }));
  expect(await flushOf(relay)).toEqual(flush);
});

test('a proxy that does not tell is named', async () => {
  await expect(flushOf(answering(502, 'There is no Envoy admin'))).rejects.toThrow(
    /Reading the runtime of the proxy of pod istio-e2e-w0\/ingress-1: 502 There is no Envoy admin.*\[PROXY_UNREADABLE\]/s,
  );
});
