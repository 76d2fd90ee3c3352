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
          .array(
            z.object({
              address: z.object({ socket_address: z.object({ address: z.string() }).optional() }),
              health_status: z.object({ eds_health_status: z.string().optional() }).default({}),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

type Clusters = z.infer<typeof schema>['cluster_statuses'];

/** Pods, and the service of theirs that they are known by. */
export interface Served {
  readonly service: string;
  readonly pods: readonly Pod[];
}

/**
 * A pod may be ready before every proxy has heard of it. Waits until the proxy behind the relay has all the given pods as healthy
 * endpoints of their service, at each of its ports: what is asked afterwards meets no half-known service. An address found elsewhere
 * proves nothing: the pod that had it before may still be listed there.
 */
export async function endpointsKnown(relay: Http, served: readonly Served[]): Promise<void> {
  const look = async () => {
    const { status, text } = await relay.send({ method: 'GET', path: '/envoy/clusters?format=json' });
    const clusters = status === 200 ? schema.parse(JSON.parse(text)).cluster_statuses : [];
    return served.flatMap(({ service, pods }) => pods.filter((pod) => !isKnown(clusters, service, pod)));
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

function isKnown(clusters: Clusters, service: string, { ip, namespace }: Pod): boolean {
  const own = clusters.filter(({ name }) => isOf(name, `${service}.${namespace}.svc.`));
  return own.length > 0 && own.every((cluster) => healthyIn(cluster).has(ip));
}

/** Of a service as a whole, not of a subset of it: `outbound|8000||httpbin.foo.svc.cluster.local`. */
function isOf(cluster: string, host: string): boolean {
  const [direction, , subset, of = ''] = cluster.split('|');
  return direction === 'outbound' && subset === '' && of.startsWith(host);
}

function healthyIn({ host_statuses: hosts }: Clusters[number]): ReadonlySet<string> {
  const healthy = hosts.filter(({ health_status: { eds_health_status: health } }) => health === 'HEALTHY');
  return new Set(healthy.map(({ address }) => address.socket_address?.address ?? ''));
}
