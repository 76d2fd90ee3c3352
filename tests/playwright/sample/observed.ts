import type { Tracing } from '../../../fixtures/tracing.ts';
import type { Tally } from '../../../mesh/judge/outcome.ts';
import type { RequestCounters } from '../../../mesh/metrics/counters.ts';
import type { Labels, Series } from '../../../mesh/metrics/series.ts';
import { Question } from '../../../mesh/prober/question.ts';
import type { Losses } from '../../../mesh/trace/reports.ts';
import type { Span } from '../../../mesh/trace/span.ts';
import type { Trail } from '../../../mesh/trace/trail.ts';
import { sent, trail as told, whole } from '../../trace/bookinfo-trace.ts';

/** So short that a sample that waits takes no time. */
const flushMillis = 10;
const none: Losses = new Map();

/** A request for productpage, and a back end that has these spans of its trace: under the ids that the matcher makes up. */
export function traced(tally: Tally, spans: readonly Span[] = whole, trail: Trail = told, losses: Losses = none) {
  const ids = { 'x-b3-traceid': '', 'x-b3-spanid': '' };
  const own = (id: string) => id.replace(sent.traceId, ids['x-b3-traceid']).replace(sent.spanId, ids['x-b3-spanid']);
  const question = new Question({
    prober: {
      send: ({ headers, idPrefix = '' }) => {
        Object.assign(ids, headers);
        const records = tally.map(({ outcome }, index) => ({
          id: `${idPrefix}-${index}`,
          atMillis: 0,
          millis: 1,
          outcome,
        }));
        const millis = { median: 1, p90: 1, p99: 1, max: 1 };
        return Promise.resolve({
          sent: 1,
          seconds: 0.4,
          endedBy: 'count',
          ratePerSecond: 1,
          startedAt: '',
          behindMillis: 0,
          millis,
          tally: [...tally],
          records,
        });
      },
      start: () => Promise.reject(new Error('nothing is started here')),
    },
    from: 'outside',
    subject: 'productpage',
    url: new URL('http://gateway/productpage'),
    order: {},
    circumstances: () => Promise.resolve({ service: 'productpage', workloads: [] }),
    inForce: () => [],
    watcher: { sampled: () => undefined, started: () => undefined, stopped: () => undefined },
  });
  const tracing: Pick<Tracing, 'backEnd' | 'trail' | 'flushMillis' | 'picture' | 'watch'> = {
    flushMillis,
    watch: () => Promise.resolve(() => Promise.resolve(losses)),
    picture: () => Promise.resolve(),
    trail: () =>
      Promise.resolve(
        new Map(
          [...trail].map(([app, all]) => [
            app,
            all.map((one) => ({ ...one, traceId: own(one.traceId), parentSpanId: own(one.parentSpanId) })),
          ]),
        ),
      ),
    backEnd: {
      name: 'Zipkin',
      trace: () =>
        Promise.resolve(spans.map((span) => ({ ...span, traceId: own(span.traceId), parentId: own(span.parentId) }))),
      tracesWith: () => Promise.resolve(new Set()),
      pageOf: (id) => id,
    },
  };
  return { question, tracing };
}

/** A back end that has so many traces of a sample, of which the gateway may have lost some spans, and so many that the sidecar behind it left alone. */
export function keeping(traces: number, lost = 0, behind = 0): Pick<Tracing, 'backEnd' | 'flushMillis' | 'watch'> {
  const ids = (count: number, of: string) => new Set(Array.from({ length: count }, (_, index) => `${of} ${index}`));
  return {
    flushMillis,
    watch: () => Promise.resolve(() => Promise.resolve(lost === 0 ? none : new Map([['ingress', lost]]))),
    backEnd: {
      name: 'Zipkin',
      trace: () => Promise.resolve([]),
      tracesWith: (_, service) =>
        Promise.resolve(new Set([...ids(traces, 'both'), ...(service === 'page.w0' ? ids(behind, 'page') : [])])),
      pageOf: (id) => id,
    },
  };
}

/** A proxy that has counted ten requests before, and so many more after, under these labels. */
export function proxyCounting(reporter: 'source' | 'destination', more: number, labels: Labels): RequestCounters {
  const values = [10, 10 + more];
  const read = (): Promise<readonly Series[]> =>
    Promise.resolve([{ labels: { reporter, ...labels }, value: values.shift() ?? 0 }]);
  return { name: `the proxy of ${reporter === 'source' ? 'prober-1' : 'ratings-1'}`, reporters: [reporter], read };
}
