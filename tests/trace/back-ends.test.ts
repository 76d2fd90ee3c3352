import { describe, expect, test } from 'vitest';
import type { Http } from '../../mesh/kube/pod-http.ts';
import { jaeger } from '../../mesh/trace/jaeger.ts';
import { zipkin } from '../../mesh/trace/zipkin.ts';

/** A back end that answers everything with this, and notes what it was asked. */
function answering(status: number, body: unknown): Http & { readonly asked: string[] } {
  const asked: string[] = [];
  const send: Http['send'] = ({ path }) => {
    asked.push(path);
    return Promise.resolve({ status, text: typeof body === 'string' ? body : JSON.stringify(body) });
  };
  return { peer: 'pod istio-system/traces', asked, send };
}

/** The same span, as each of them tells it. */
const span = {
  traceId: '000000000000000000000000000000ab',
  id: '00000000000000cd',
  parentId: '00000000000000ef',
  service: 'reviews.istio-e2e-w0',
  kind: 'server',
  start: 1_700_000_000_000_000,
  micros: 12_500,
};
const byZipkin = {
  traceId: '000000000000000000000000000000ab',
  id: '00000000000000cd',
  parentId: '00000000000000ef',
  kind: 'SERVER',
  name: 'reviews:9080/*',
  timestamp: 1_700_000_000_000_000,
  duration: 12_500,
  localEndpoint: { serviceName: 'reviews.istio-e2e-w0', ipv4: '10.244.0.9' },
  tags: { user_agent: 'istio-e2e/1' },
};
const byJaeger = {
  traceID: 'ab',
  spans: [
    {
      traceID: 'ab',
      spanID: 'cd',
      operationName: 'reviews:9080/*',
      references: [{ refType: 'CHILD_OF', traceID: 'ab', spanID: 'ef' }],
      startTime: 1_700_000_000_000_000,
      duration: 12_500,
      tags: [{ key: 'span.kind', type: 'string', value: 'server' }],
      processID: 'p1',
    },
  ],
  processes: { p1: { serviceName: 'reviews.istio-e2e-w0', tags: [] } },
};

describe.each([
  ['Zipkin', zipkin, [byZipkin], [[byZipkin], [byZipkin]], '/api/v2/trace/ab'],
  ['Jaeger', jaeger, { data: [byJaeger] }, { data: [byJaeger, byJaeger] }, '/api/traces/ab'],
] as const)('%s', (_, backEnd, one, many, path) => {
  test('tells a trace', async () => {
    const http = answering(200, one);
    await expect(backEnd(http).trace('ab')).resolves.toEqual([span]);
    expect(http.asked).toEqual([path]);
  });

  test('knows no such trace', async () => {
    await expect(backEnd(answering(404, 'trace not found')).trace('ab')).resolves.toEqual([]);
  });

  test('finds traces by a tag, each once', async () => {
    const http = answering(200, many);
    const found = await backEnd(http).tracesWith(
      { name: 'user_agent', value: 'istio-e2e/1' },
      'reviews.istio-e2e-w0',
      40,
    );
    expect([...found]).toEqual([span.traceId]);
    const asked = new URL(http.asked[0] ?? '', 'http://back-end');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({ limit: '40' });
    expect(asked.search).toContain('reviews.istio-e2e-w0');
    expect(decodeURIComponent(asked.search)).toMatch(/user_agent(=|":")istio-e2e\/1/);
  });

  test('that fails is no back end without traces', async () => {
    await expect(backEnd(answering(503, 'no endpoints')).trace('ab')).rejects.toThrow(/TRACES_UNREADABLE/);
  });
});
