import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

const KEY = 'tracing.zipkin.flush_interval_ms';
/** Envoy's own, where nobody sets it. */
const DEFAULT_MILLIS = 5_000;

const runtime = z.object({ entries: z.record(z.string(), z.object({ final_value: z.string() })) });

/**
 * So long at most a proxy keeps its spans before it hands them over, as the runtime of that very proxy says: one that was started before the
 * configuration of the mesh was changed goes by the old one.
 *
 * @param relay the prober in the proxy's pod
 * @throws HarnessError PROXY_UNREADABLE
 */
export async function flushMillisOf(relay: Http): Promise<number> {
  const { status, text } = await relay.send({ method: 'GET', path: '/envoy/runtime' });
  const parsed = status === 200 ? runtime.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return Number(parsed.data.entries[KEY]?.final_value ?? DEFAULT_MILLIS);
  throw new HarnessError({
    code: 'PROXY_UNREADABLE',
    blame: 'environment',
    doing: `Reading the runtime of the proxy of ${relay.peer}`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether the pod is running, with its prober and its proxy',
  });
}
