import { z } from 'zod';
import type { Http } from '../kube/pod-http.ts';
import { askBackEnd } from './ask.ts';
import { kindOf, type Span, type TraceBackEnd, wholeId } from './span.ts';

const span = z.object({
  traceId: z.string(),
  id: z.string(),
  parentId: z.string().default(''),
  kind: z.string().optional(),
  timestamp: z.number().default(0),
  duration: z.number().default(0),
  localEndpoint: z.object({ serviceName: z.string().default('') }).default({ serviceName: '' }),
});
const trace = z.array(span);
const traces = z.array(z.array(z.object({ traceId: z.string() })));

/** Zipkin's query API, version 2. */
export function zipkin(http: Http): TraceBackEnd {
  return {
    name: 'Zipkin',
    pageOf: (id) => `/zipkin/traces/${id}`,
    trace: async (id) => {
      const text = await askBackEnd('Zipkin', http, `/api/v2/trace/${id}`);
      return text === undefined ? [] : trace.parse(JSON.parse(text)).map(spanOf);
    },
    tracesWith: async ({ name, value }, service, atMost) => {
      const query = new URLSearchParams({
        serviceName: service,
        annotationQuery: `${name}=${value}`,
        limit: `${atMost}`,
      });
      const text = (await askBackEnd('Zipkin', http, `/api/v2/traces?${query.toString()}`)) ?? '[]';
      return new Set(
        traces.parse(JSON.parse(text)).flatMap((spans) => spans.map(({ traceId }) => wholeId(traceId, 32))),
      );
    },
  };
}

function spanOf({ traceId, id, parentId, kind, timestamp, duration, localEndpoint }: z.infer<typeof span>): Span {
  return {
    traceId: wholeId(traceId, 32),
    id: wholeId(id, 16),
    parentId: wholeId(parentId, 16),
    service: localEndpoint.serviceName,
    kind: kindOf(kind),
    start: timestamp,
    micros: duration,
  };
}
