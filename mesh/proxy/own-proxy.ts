import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { FollowedLog } from '../kube/diagnosis.ts';
import type { Http } from '../kube/pod-http.ts';
import { converge } from '../waiting/converge.ts';
import type { LoggedRequest } from './access-log.ts';
import { type LogLine, linesBy } from './log-line.ts';

/** What a proxy has counted of one cluster since it started, by the last part of the counter's name. */
export type Counts = Readonly<Record<string, number>>;

/** The proxy that a caller's requests leave through, as far as it is about one service. */
export interface OwnProxy {
  /** `pod istio-e2e-w0/prober-7d4f` */
  readonly name: string;
  /**
   * @param subset '' for the whole service. Counters of a feature that is not in use are missing.
   * @throws HarnessError PROXY_HAS_THREADS where more than one does its work: they share limits and news only loosely
   */
  counts(subset: string): Promise<Counts>;
  /** Reads along in its access log from now on. */
  listen(): Listening;
}

export interface Listening extends AsyncDisposable {
  /**
   * What it wrote down of the requests of this user agent, as soon as it is so many lines; what there is after some seconds.
   *
   * @throws HarnessError SAMPLE_WITHOUT_AGENT where they have none
   */
  lines(agent: string, enough: number): Promise<readonly LoggedRequest[]>;
}

const statsSchema = z.object({
  stats: z.array(z.object({ name: z.string().optional(), value: z.unknown().optional() })),
});
const infoSchema = z.object({ command_line_options: z.object({ concurrency: z.number() }) });

/** Envoy writes its log once a second. */
const FOLLOWED = { within: 3_000, every: 200 };
/** The machine may be busy, or the log was rotated. To fetch it costs the node a look through all of it. */
const FETCHED = { within: 6_000, every: 1_000 };

export interface OwnProxyOf {
  readonly relay: Http;
  readonly follow: () => FollowedLog;
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

export function ownProxy({ relay, follow, namespace, service, port }: OwnProxyOf): OwnProxy {
  const cluster = (subset: string) => `outbound|${port}|${subset}|${service}.${namespace}.svc`;
  const read = async <T>(page: string, schema: z.ZodType<T>): Promise<T> => {
    const { status, text } = await relay.send({ method: 'GET', path: `/envoy/${page}` });
    if (status !== 200) throw unreadable(relay.peer, page, `${status} ${text.slice(0, 200)}`);
    return schema.parse(JSON.parse(text));
  };
  const checkThreads = async () => {
    const { concurrency } = (await read('server_info', infoSchema)).command_line_options;
    if (concurrency !== 1) throw severalThreads(relay.peer, concurrency);
  };
  let threadsChecked: Promise<void> | undefined;
  return {
    name: relay.peer,
    counts: async (subset) => {
      await (threadsChecked ??= checkThreads());
      const prefix = `cluster.${cluster(subset)}.`;
      const filter = encodeURIComponent(`^${prefix.replaceAll(/[|.]/g, '\\$&')}`);
      const { stats } = await read(`stats?format=json&filter=${filter}`, statsSchema);
      return Object.fromEntries(stats.flatMap(({ name = '', value }) => counter(name, value)));
    },
    listen: () => listenTo(follow(), relay.peer),
  };
}

function listenTo(log: FollowedLog, peer: string): Listening {
  return {
    lines: async (agent, enough) => {
      if (agent === '') throw withoutAgent(peer);
      const followed = () => linesBy(agent, log.text());
      const isEnough = ({ length }: readonly LogLine[]) => length >= enough;
      const come = await converge(() => Promise.resolve(followed()), isEnough, FOLLOWED);
      if (come.held) return come.last;
      const both = async () => {
        const fetched = linesBy(agent, await log.fetch());
        return united(followed(), fetched);
      };
      return (await converge(both, isEnough, FETCHED)).last;
    },
    [Symbol.asyncDispose]: async () => log[Symbol.asyncDispose](),
  };
}

/** Each request once, by the id that the proxy gave it; of those without one, what the log that tells of more of them says. */
function united(...logs: readonly (readonly LogLine[])[]): readonly LogLine[] {
  const named = ({ requestId }: LogLine) => requestId !== '';
  const byId = new Map(logs.flatMap((log) => log.filter(named).map((line) => [line.requestId, line])));
  const nameless = logs.map((log) => log.filter((line) => !named(line)));
  return [...byId.values(), ...(nameless.toSorted((a, b) => b.length - a.length)[0] ?? [])];
}

/** A histogram has no value of its own. */
function counter(name: string, value: unknown): readonly (readonly [string, number])[] {
  return typeof value === 'number' ? [[name.slice(name.lastIndexOf('.') + 1), value]] : [];
}

function unreadable(peer: string, page: string, seen: string): HarnessError {
  return new HarnessError({
    code: 'PROXY_UNREADABLE',
    blame: 'environment',
    doing: `Reading ${page.replace(/\?.*/, '')} of the proxy of ${peer}`,
    seen,
    next: 'see whether the pod is running, with its prober and its proxy',
  });
}

function withoutAgent(peer: string): HarnessError {
  return new HarnessError({
    code: 'SAMPLE_WITHOUT_AGENT',
    blame: 'usage',
    doing: `Reading along in the log of the proxy of ${peer}`,
    expected: 'requests with a user agent, by which lines are told apart',
    seen: 'a sample without one',
    next: 'ask over HTTP',
  });
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
