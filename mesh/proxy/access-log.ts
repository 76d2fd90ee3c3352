import { z } from 'zod';
import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';
import { dig, text } from './dump.ts';

/** One line of a proxy's access log. A request that was tried again has one line all the same. */
export interface LoggedRequest {
  /** The prober's own id of the request; '' where somebody else sent it. */
  readonly id: string;
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** `FI`, `UO`, `NR`: empty for a request that nothing happened to. */
  readonly flags: readonly string[];
  /** Why the answer is what it is: `via_upstream`, `fault_filter_abort`, `rbac_access_denied_matched_policy[...]`. */
  readonly details: string;
  readonly route: string;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** The cluster and the address that it was passed on to. */
  readonly cluster: string;
  readonly upstream: string;
}

/** The access log of one pod's proxy. */
export interface AccessLog {
  /** `istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  /** Where the pod is reached. */
  readonly ip: string;
  /** The last minute's requests whose ids begin like this, oldest first. */
  about(idPrefix: string): Promise<readonly LoggedRequest[]>;
}

/** Envoy's agent has it write its log once in this time, and when 64 KiB are full. */
export const FLUSH_MILLIS = 1_000;
/** By the node's own clock: this machine's may go wrong. */
const LOOK_BACK_SECONDS = '60';

const word = z.string().nullish();
const number = z.number().nullish();
/** As mesh/istio/settings/demo.yaml declares it. What does not apply to a request is null. */
const schema = z.object({
  probe_id: word,
  request_id: word,
  method: word,
  path: word,
  response_code: number,
  response_flags: word,
  response_code_details: word,
  route_name: word,
  bytes_received: number,
  bytes_sent: number,
  upstream_cluster: word,
  upstream_host: word,
});

export function accessLogOf(kube: Kube, { namespace, name, ip }: Pick<Pod, 'namespace' | 'name' | 'ip'>): AccessLog {
  const call = {
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    query: { container: 'istio-proxy', sinceSeconds: LOOK_BACK_SECONDS },
  } as const;
  const about = async (idPrefix: string) =>
    parseAccessLog(await kube.rest.text(call, `Reading the access log of ${namespace}/${name}`)).filter(({ id }) =>
      id.startsWith(idPrefix),
    );
  return { name: `${namespace}/${name}`, ip, about };
}

/** Whether the mesh's proxies log what is read here: an Istio that the harness did not install may log otherwise, or nothing. */
export async function logsProbes(kube: Kube): Promise<boolean> {
  const map = await kube.get({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
  });
  return text(dig(map, 'data', 'mesh')).includes('%REQ(X-PROBE-ID)%');
}

/** The proxy's other lines are left aside, and so are those of an Istio that was set up to log in another format. */
export function parseAccessLog(log: string): readonly LoggedRequest[] {
  return log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const parsed = schema.safeParse(jsonOf(line));
    return parsed.success ? [requestIn(parsed.data)] : [];
  });
}

function requestIn(line: z.infer<typeof schema>): LoggedRequest {
  const flags = line.response_flags ?? '-';
  return {
    id: line.probe_id ?? '',
    requestId: line.request_id ?? '',
    method: line.method ?? '',
    path: line.path ?? '',
    status: line.response_code ?? 0,
    flags: flags === '-' ? [] : flags.split(','),
    details: line.response_code_details ?? '',
    route: line.route_name ?? '',
    bytesReceived: line.bytes_received ?? 0,
    bytesSent: line.bytes_sent ?? 0,
    cluster: line.upstream_cluster ?? '',
    upstream: line.upstream_host ?? '',
  };
}

/** The last line of a log that is being written may be cut. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
