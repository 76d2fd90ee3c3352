import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';
import type { Pod } from '../kube/pods.ts';
import { converge } from '../waiting/converge.ts';

const schema = z.object({
  cluster_statuses: z
    .array(
      z.object({
        name: z.string(),
        host_statuses: z
          .array(z.object({ address: z.object({ socket_address: z.object({ address: z.string() }).optional() }) }))
          .default([]),
      }),
    )
    .default([]),
});

/**
 * A pod may be ready before every proxy has heard of it. Waits until those of the given relays know all the given pods: what is
 * asked afterwards meets no half-known service.
 */
export async function endpointsKnown(relay: Http, pods: readonly Pod[]): Promise<void> {
  const look = async () => {
    const { status, text } = await relay.send({ method: 'GET', path: '/envoy/clusters?format=json' });
    const known = status === 200 ? addresses(text) : new Set<string>();
    return pods.filter(({ ip }) => !known.has(ip));
  };
  const { held, last, millis } = await converge(look, (missing) => missing.length === 0, {
    within: 20_000,
    every: 100,
  });
  if (held) return;
  throw new HarnessError({
    code: 'ENDPOINTS_UNKNOWN',
    blame: 'environment',
    doing: `Waiting until the proxy of ${relay.peer} knows every pod`,
    seen: `it does not know ${last.map(({ name }) => name).join(', ')}`,
    afterMillis: millis,
    next: 'see whether istiod is running and the proxy is connected: istioctl proxy-status',
  });
}

function addresses(text: string): ReadonlySet<string> {
  const { cluster_statuses: clusters } = schema.parse(JSON.parse(text));
  const hosts = clusters.filter(({ name }) => name.startsWith('outbound|')).flatMap((cluster) => cluster.host_statuses);
  return new Set(hosts.map(({ address }) => address.socket_address?.address ?? ''));
}
