import { HarnessError } from '../errors.ts';
import { REQUESTS } from '../judge/counted.ts';
import type { Http } from '../kube/pod-http.ts';
import { converge } from '../waiting/converge.ts';
import { type Series, seriesIn } from './series.ts';

/** Somebody who counts the mesh's requests, as Istio names the counter. */
export interface RequestCounters {
  /** `pod istio-e2e-w0/prober-7d4f`, `Prometheus` */
  readonly name: string;
  /** From whose side it counts. */
  readonly reporters: readonly ('source' | 'destination')[];
  /** What it has counted up to now: no request that was answered before the call is missing. */
  read(): Promise<readonly Series[]>;
}

/** Istio's own filter counts under the plain name; Envoy puts its own name, and the logger's prefix, before what others count. */
const isRequests = (name: string) => name === REQUESTS || (name.startsWith('envoy_') && name.endsWith(`_${REQUESTS}`));

/** A proxy counts a request when it is wholly done with it, which may be a moment after its answer. */
const settled = { within: 5_000, every: 150, streak: 3 };

/** The counters of a pod's proxy. */
export function proxyCounters(figures: Http, reporter: 'source' | 'destination'): RequestCounters {
  const look = async () => {
    const { status, text } = await figures.send({ method: 'GET', path: `/stats/prometheus?filter=${REQUESTS}` });
    if (status === 200) return seriesIn(text, isRequests);
    throw new HarnessError({
      code: 'PROXY_UNREADABLE',
      blame: 'environment',
      doing: `Reading what the proxy of ${figures.peer} counts`,
      seen: `${status} ${text.slice(0, 200)}`,
      next: 'see whether the pod is running',
    });
  };
  return { name: `the proxy of ${figures.peer}`, reporters: [reporter], read: () => steady(look) };
}

async function steady(look: () => Promise<readonly Series[]>): Promise<readonly Series[]> {
  let before = '';
  const same = (seen: readonly Series[]) => {
    const now = JSON.stringify(seen);
    const unchanged = now === before;
    before = now;
    return unchanged;
  };
  return (await converge(look, same, settled)).last;
}
