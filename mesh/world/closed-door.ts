import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

/** An address of the mesh at which nobody listens. Nobody there can count the tries, so the caller's proxy does. */
export interface ClosedDoor {
  readonly host: string;
  /** Connections to it that failed, since the proxy has known it. */
  knocks(): Promise<number>;
}

const stat = z.object({ name: z.string(), value: z.coerce.number().default(0) });
const schema = z.object({
  cluster_statuses: z.array(
    z.object({
      name: z.string(),
      host_statuses: z.array(z.object({ stats: z.array(stat).default([]) })).default([]),
    }),
  ),
});

export function closedDoor(relay: Http, host: string): ClosedDoor {
  const knocks = async () => {
    const { status, text } = await relay.send({ method: 'GET', path: '/envoy/clusters?format=json' });
    if (status !== 200) throw unreadable(relay.peer, `${status} ${text.slice(0, 200)}`);
    const clusters = schema.parse(JSON.parse(text)).cluster_statuses;
    const mine = clusters.filter(({ name }) => name.endsWith(`|${host}`));
    if (mine.length === 0) throw unreadable(relay.peer, `it knows no host ${host}`);
    const stats = mine.flatMap((cluster) => cluster.host_statuses).flatMap((one) => one.stats);
    return stats.filter(({ name }) => name === 'cx_connect_fail').reduce((sum, { value }) => sum + value, 0);
  };
  return { host, knocks };
}

function unreadable(peer: string, seen: string): HarnessError {
  return new HarnessError({
    code: 'PROXY_UNREADABLE',
    blame: 'environment',
    doing: `Counting failed connections in the proxy of ${peer}`,
    seen,
    next: 'see whether the pod is running, and whether the rule for that host is in force',
  });
}
