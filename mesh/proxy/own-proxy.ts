import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';
import type { AccessLog } from './access-log.ts';
import { unreadable } from './unreadable.ts';

/** What a proxy has counted of one cluster since it started, by the last part of the counter's name. */
export type Counts = Readonly<Record<string, number>>;

/** The proxy that a caller's requests pass first, and nobody else's: a sidecar or a gateway. As far as it is about one service. */
export interface OwnProxy {
  /** `pod istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  /**
   * @param subset '' for the whole service. Counters of a feature that is not in use are missing.
   * @throws HarnessError PROXY_HAS_THREADS where more than one does its work: they share limits and news only loosely
   */
  counts(subset: string): Promise<Counts>;
  readonly log: AccessLog;
}

const statsSchema = z.object({
  stats: z.array(z.object({ name: z.string().optional(), value: z.unknown().optional() })),
});
const infoSchema = z.object({ command_line_options: z.object({ concurrency: z.number() }) });

export interface OwnProxyOf {
  readonly relay: Http;
  readonly log: AccessLog;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

export function ownProxy({ relay, log, namespace, service, port }: OwnProxyOf): OwnProxy {
  const cluster = (subset: string) => `outbound|${port}|${subset}|${service}.${namespace}.svc`;
  const read = async <T>(page: string, schema: z.ZodType<T>): Promise<T> => {
    const { status, text } = await relay.send({ method: 'GET', path: `/envoy/${page}` });
    if (status !== 200)
      throw unreadable(
        `Reading ${page.replace(/\?.*/, '')} of the proxy of ${relay.peer}`,
        `${status} ${text.slice(0, 200)}`,
      );
    return schema.parse(JSON.parse(text));
  };
  const checkThreads = async () => {
    const { concurrency } = (await read('server_info', infoSchema)).command_line_options;
    if (concurrency !== 1) throw severalThreads(relay.peer, concurrency);
  };
  let threadsChecked: Promise<void> | undefined;
  return {
    name: relay.peer,
    log,
    counts: async (subset) => {
      await (threadsChecked ??= checkThreads());
      const prefix = `cluster.${cluster(subset)}.`;
      const filter = encodeURIComponent(`^${prefix.replaceAll(/[|.]/g, '\\$&')}`);
      const { stats } = await read(`stats?format=json&filter=${filter}`, statsSchema);
      return Object.fromEntries(stats.flatMap(({ name = '', value }) => counter(name, value)));
    },
  };
}

/** A histogram has no value of its own. */
function counter(name: string, value: unknown): readonly (readonly [string, number])[] {
  return typeof value === 'number' ? [[name.slice(name.lastIndexOf('.') + 1), value]] : [];
}

function severalThreads(peer: string, threads: number): HarnessError {
  return new HarnessError({
    code: 'PROXY_HAS_THREADS',
    blame: 'environment',
    doing: `Counting in the proxy of ${peer}`,
    expected: 'one worker thread: several share limits and news only loosely',
    seen: `${threads}`,
    next: 'see what became of the annotation proxy.istio.io/config of its pod',
  });
}
