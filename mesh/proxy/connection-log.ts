import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { type LogLine, logLines } from './log-line.ts';
import { type OpenLog, openLog } from './open-log.ts';
import type { ProxyView } from './view.ts';

/** Where a connection or a request was led, as a proxy's access log says; `-` where it says nothing. */
export type LoggedConnection = Pick<LogLine, 'cluster' | 'upstream' | 'serverName'>;

/** What some proxies have written since their logs were opened. */
export interface OpenConnectionLog extends AsyncDisposable {
  /**
   * The lines that mention something, a host or an address, oldest first.
   *
   * @param after what a line mentions, after which the others come; from the beginning unless given
   * @throws HarnessError LOG_CUT where a log does not reach back to that line
   */
  about(text: string, after?: string): Promise<readonly LoggedConnection[]>;
}

export async function openConnectionLog(
  kube: Kube,
  proxies: readonly Pick<ProxyView, 'namespace' | 'pod' | 'name'>[],
): Promise<OpenConnectionLog> {
  await using opening = new AsyncDisposableStack();
  const logs: { readonly name: string; readonly log: OpenLog }[] = [];
  for (const { namespace, pod, name } of proxies)
    logs.push({ name, log: opening.use(await openLog(kube, { namespace, name: pod })) });
  const opened = opening.move();
  const one = async ({ name, log }: (typeof logs)[number], text: string, after: string | undefined) => {
    const written = await log.text();
    const rest = after === undefined ? written : restOf(written, after);
    if (rest === undefined) throw cut(name);
    return connectionsIn(rest, text);
  };
  return {
    about: async (text, after) => (await Promise.all(logs.map((each) => one(each, text, after)))).flat(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** What stands after the line that mentions something; undefined where none does. */
export function restOf(log: string, after: string): string | undefined {
  const at = log.lastIndexOf(after);
  if (at < 0) return undefined;
  const end = log.indexOf('\n', at);
  return end < 0 ? '' : log.slice(end + 1);
}

function cut(name: string): HarnessError {
  return new HarnessError({
    code: 'LOG_CUT',
    blame: 'environment',
    doing: `Reading the access log of ${name}`,
    expected: 'all that it wrote while the test was asking',
    seen: 'a line that was there before is gone',
    next: 'run it again',
  });
}

/** As above, of a log that is at hand. */
export function connectionsIn(log: string, about = ''): readonly LoggedConnection[] {
  const said = (field: string) => (field === '' ? '-' : field);
  return logLines(log, about).map(({ cluster, upstream, serverName }) => ({
    cluster: said(cluster),
    upstream: said(upstream),
    serverName: said(serverName),
  }));
}

/** Connections of which a log says the same. */
export interface CountedConnections extends LoggedConnection {
  readonly count: number;
}

export function countConnections(connections: readonly LoggedConnection[]): readonly CountedConnections[] {
  const groups = Map.groupBy(connections, (one) => JSON.stringify([one.cluster, one.upstream, one.serverName]));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, count: others.length + 1 }],
  );
}

export function countOf(connections: readonly CountedConnections[]): number {
  return connections.reduce((sum, { count }) => sum + count, 0);
}

/** `66 to outbound|443||httpbin.org` */
export function connectionsInWords(connections: readonly CountedConnections[]): string {
  const clusters = Map.groupBy(connections, ({ cluster }) => cluster);
  if (clusters.size === 0) return 'nothing';
  return [...clusters].map(([cluster, all]) => `${countOf(all)} to ${cluster}`).join(', ');
}
