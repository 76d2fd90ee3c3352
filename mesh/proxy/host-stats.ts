import { z } from 'zod';
import type { Http } from '../kube/pod-http.ts';
import { unreadable } from './unreadable.ts';

/** What a proxy counts of one host of one of its clusters. Istio has its proxies keep only a few kinds of counters, and these all the same. */
export interface HostStats {
  /** `outbound|3000|v3|nodebook.default.svc.cluster.local` */
  readonly cluster: string;
  /** IP; '' where it has none. */
  readonly address: string;
  /** `cx_connect_fail`, `rq_error`: since the proxy has known the host. */
  readonly stats: ReadonlyMap<string, number>;
}

const stat = z.object({ name: z.string(), value: z.coerce.number().default(0) });
const host = z.object({
  address: z.object({ socket_address: z.object({ address: z.string() }).optional() }).optional(),
  stats: z.array(stat).default([]),
});
const schema = z.object({
  cluster_statuses: z.array(z.object({ name: z.string(), host_statuses: z.array(host).default([]) })),
});

/**
 * @param relay the prober in the pod
 * @param doing what it is asked for, as an error would say it
 * @throws HarnessError PROXY_UNREADABLE
 */
export async function hostStats(relay: Http, doing: string): Promise<readonly HostStats[]> {
  const { status, text } = await relay.send({ method: 'GET', path: '/envoy/clusters?format=json' });
  const parsed = status === 200 ? schema.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success !== true)
    throw unreadable(`${doing} in the proxy of ${relay.peer}`, `${status} ${text.slice(0, 200)}`);
  return parsed.data.cluster_statuses.flatMap(({ name: cluster, host_statuses }) =>
    host_statuses.map(({ address, stats }) => ({
      cluster,
      address: address?.socket_address?.address ?? '',
      stats: new Map(stats.map(({ name, value }) => [name, value])),
    })),
  );
}

/** One of these counters of all these hosts. */
export function sumOf(hosts: readonly HostStats[], name: string): number {
  return hosts.reduce((sum, { stats }) => sum + (stats.get(name) ?? 0), 0);
}
