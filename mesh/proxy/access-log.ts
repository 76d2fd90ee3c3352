import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';
import { converge } from '../waiting/converge.ts';
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
  /**
   * Requests that came under this user agent, as soon as they are so many; what there is after ten seconds. Of any Istio whose log can be read.
   *
   * @throws HarnessError SAMPLE_WITHOUT_AGENT where they have none
   */
  by(agent: string, enough: number): Promise<readonly LoggedRequest[]>;
}

/** Envoy's agent has it write its log once in this time, and when 64 KiB are full. */
export const FLUSH_MILLIS = 1_000;
const WRITTEN = { within: 10 * FLUSH_MILLIS, every: FLUSH_MILLIS / 4 };

export function accessLogOf(kube: Kube, pod: Pick<Pod, 'namespace' | 'name' | 'ip'>): AccessLog {
  const name = `${pod.namespace}/${pod.name}`;
  return {
    name,
    ip: pod.ip,
    open: async () => {
      const log = await openLog(kube, pod);
      return {
        about: async (idPrefix) => logLines(await log.text(), idPrefix).filter(({ id }) => id.startsWith(idPrefix)),
        by: async (agent, enough) => {
          if (agent === '') throw withoutAgent(name);
          const look = async () => linesBy(agent, await log.text());
          return (await converge(look, ({ length }) => length >= enough, WRITTEN)).last;
        },
        [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
      };
    },
  };
}

function withoutAgent(name: string): HarnessError {
  return new HarnessError({
    code: 'SAMPLE_WITHOUT_AGENT',
    blame: 'usage',
    doing: `Reading along in the log of the proxy of ${name}`,
    expected: 'requests with a user agent, by which lines are told apart',
    seen: 'a sample without one',
    next: 'ask over HTTP',
  });
}
