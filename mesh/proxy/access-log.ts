import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';
import { type LogLine, linesBy, logLines } from './log-line.ts';
import { openLog } from './open-log.ts';

/** A request, as a proxy's access log says. */
export type LoggedRequest = Omit<LogLine, 'agent' | 'failure' | 'serverName'>;

/** The access log of one pod's proxy. */
export interface AccessLog {
  /** `istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  /** Where the pod is reached. */
  readonly ip: string;
  /** To be called before what is looked for is sent. */
  open(): Promise<OpenAccessLog>;
}

/** What was written since it was opened, oldest first. */
export interface OpenAccessLog extends AsyncDisposable {
  /** Requests whose ids begin like this: of an Istio that logs the prober's ids. */
  about(idPrefix: string): Promise<readonly LoggedRequest[]>;
  /** Requests that came under this user agent: of any Istio whose log can be read. */
  by(agent: string): Promise<readonly LoggedRequest[]>;
}

/** Envoy's agent has it write its log once in this time, and when 64 KiB are full. */
export const FLUSH_MILLIS = 1_000;

export function accessLogOf(kube: Kube, pod: Pick<Pod, 'namespace' | 'name' | 'ip'>): AccessLog {
  return {
    name: `${pod.namespace}/${pod.name}`,
    ip: pod.ip,
    open: async () => {
      const log = await openLog(kube, pod);
      return {
        about: async (idPrefix) => logLines(await log.text(), idPrefix).filter(({ id }) => id.startsWith(idPrefix)),
        by: async (agent) => linesBy(agent, await log.text()),
        [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
      };
    },
  };
}
