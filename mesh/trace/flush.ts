import { z } from 'zod';
import type { Http } from '../kube/pod-http.ts';
import { unreadable } from '../proxy/unreadable.ts';

/** How a proxy hands its spans over: a report at a time, when it has so many, or when so much time is over. */
export interface Flush {
  readonly millis: number;
  readonly spans: number;
}

const MILLIS = 'tracing.zipkin.flush_interval_ms';
const SPANS = 'tracing.zipkin.min_flush_spans';
/** Envoy's own, where nobody sets them. */
const usual: Flush = { millis: 5_000, spans: 5 };

const runtime = z.object({ entries: z.record(z.string(), z.object({ final_value: z.string() })) });

/**
 * For how long, and how many spans, a proxy keeps at most before it hands them over, as the runtime of that very proxy says: one that was started before the
 * configuration of the mesh was changed goes by the old one.
 *
 * @param relay the prober in the proxy's pod
 * @throws HarnessError PROXY_UNREADABLE
 */
export async function flushOf(relay: Http): Promise<Flush> {
  const { status, text } = await relay.send({ method: 'GET', path: '/envoy/runtime' });
  const parsed = status === 200 ? runtime.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) {
    const { [MILLIS]: millis, [SPANS]: spans } = parsed.data.entries;
    return {
      millis: Number(millis?.final_value ?? usual.millis),
      spans: Number(spans?.final_value ?? usual.spans),
    };
  }
  throw unreadable(`Reading the runtime of the proxy of ${relay.peer}`, `${status} ${text.slice(0, 200)}`);
}
