import { z } from 'zod';
import type { Http } from '../kube/pod-http.ts';
import { askBackEnd } from './ask.ts';
import { kindOf, type Span, type TraceBackEnd, wholeId } from './span.ts';

const span = z.object({
  traceID: z.string(),
  spanID: z.string(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })).default([]),
  startTime: z.number(),
  duration: z.number(),
  tags: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
  processID: z.string(),
});
const trace = z.object({
  traceID: z.string(),
  spans: z.array(span),
  processes: z.record(z.string(), z.object({ serviceName: z.string() })),
});
const answer = z.object({ data: z.array(trace).nullish() });

/** Jaeger's query API, as its own page uses it. */
export function jaeger(http: Http): TraceBackEnd {
  return {
    name: 'Jaeger',
    pageOf: (id) => `/trace/${id}`,
    trace: async (id) => (await ask(http, `/api/traces/${id}`)).flatMap(spansOf),
    tracesWith: async ({ name, value }, service, atMost) => {
      const tags = JSON.stringify({ [name]: value });
      const query = new URLSearchParams({ service, tags, limit: `${atMost}`, lookback: '1h' });
      return new Set((await ask(http, `/api/traces?${query.toString()}`)).map(({ traceID }) => wholeId(traceID, 32)));
    },
  };
}

async function ask(http: Http, path: string): Promise<readonly z.infer<typeof trace>[]> {
  const text = await askBackEnd('Jaeger', http, path);
  return text === undefined ? [] : (answer.parse(JSON.parse(text)).data ?? []);
}

function spansOf({ spans, processes }: z.infer<typeof trace>): readonly Span[] {
  return spans.map(({ traceID, spanID, references, startTime, duration, tags, processID }) => ({
    traceId: wholeId(traceID, 32),
    id: wholeId(spanID, 16),
    parentId: wholeId(references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? '', 16),
    service: processes[processID]?.serviceName ?? '',
    kind: kindOf(tags.filter(({ key }) => key === 'span.kind').map(({ value }) => String(value))[0]),
    start: startTime,
    micros: duration,
  }));
}
