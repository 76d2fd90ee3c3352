import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';
import { dig, text } from './dump.ts';
import { type LogLine, logLines } from './log-line.ts';

/** A request, as a proxy's access log says. */
export type LoggedRequest = Omit<LogLine, 'agent' | 'failure' | 'serverName'>;

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

export function accessLogOf(kube: Kube, { namespace, name, ip }: Pick<Pod, 'namespace' | 'name' | 'ip'>): AccessLog {
  const call = {
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    query: { container: 'istio-proxy', sinceSeconds: LOOK_BACK_SECONDS },
  } as const;
  const about = async (idPrefix: string) =>
    requestsIn(await kube.rest.text(call, `Reading the access log of ${namespace}/${name}`), idPrefix);
  return { name: `${namespace}/${name}`, ip, about };
}

/** Those of a log whose ids begin like this. */
export function requestsIn(log: string, idPrefix: string): readonly LoggedRequest[] {
  return logLines(log, idPrefix).filter(({ id }) => id.startsWith(idPrefix));
}

/** Whether the mesh's proxies log the prober's ids: an Istio that the harness did not install may log otherwise, or nothing. */
export async function logsProbes(kube: Kube): Promise<boolean> {
  const map = await kube.get({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
  });
  return text(dig(map, 'data', 'mesh')).includes('%REQ(X-PROBE-ID)%');
}
