import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';
import { type LogLine, linesBy, logLines } from './log-line.ts';
import { uncutFrom } from './rotation.ts';

/** A request, as a proxy's access log says. */
export type LoggedRequest = Omit<LogLine, 'agent' | 'failure' | 'serverName'>;

/** The access log of one pod's proxy. */
export interface AccessLog {
  /** `istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  /** Where the pod is reached. */
  readonly ip: string;
  /** The last minute's requests whose ids begin like this, oldest first: of an Istio that logs the prober's ids. */
  about(idPrefix: string): Promise<readonly LoggedRequest[]>;
  /** The last minute's requests that came under this user agent, oldest first: of any Istio whose log can be read. */
  by(agent: string): Promise<readonly LoggedRequest[]>;
  /** To be called before what is looked for is sent. What comes of it throws HarnessError LOG_CUT if the log was rotated since. */
  uncutFromNow(): Promise<() => Promise<void>>;
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
  const read = () => kube.rest.text(call, `Reading the access log of ${namespace}/${name}`);
  return {
    name: `${namespace}/${name}`,
    ip,
    about: async (idPrefix) => logLines(await read(), idPrefix).filter(({ id }) => id.startsWith(idPrefix)),
    by: async (agent) => linesBy(agent, await read()),
    uncutFromNow: () => uncutFrom(kube, { namespace, name }),
  };
}
