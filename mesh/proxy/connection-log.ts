import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { type LogLine, logLines } from './log-line.ts';
import type { ProxyView } from './view.ts';

/** Where a connection or a request was led, as a proxy's access log says; `-` where it says nothing. */
export type LoggedConnection = Pick<LogLine, 'cluster' | 'upstream' | 'serverName'>;

/** By the node's own clock; a test that takes longer than this has failed anyway. */
const LOOK_BACK_SECONDS = '120';

/**
 * The lines of a proxy's access log that mention something: a host, an address. Oldest first.
 *
 * @param after what a line mentions, after which the others come; from the beginning unless given
 *
 * @throws HarnessError LOG_CUT where the log does not reach back to that line any more
 */
export async function loggedAbout(
  kube: Kube,
  { namespace, pod, name }: Pick<ProxyView, 'namespace' | 'pod' | 'name'>,
  about: string,
  after?: string,
): Promise<readonly LoggedConnection[]> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const query = { container: 'istio-proxy', sinceSeconds: LOOK_BACK_SECONDS };
  const log = await kube.rest.text({ method: 'GET', path, query }, `Reading the access log of ${name}`);
  const rest = after === undefined ? log : restOf(log, after);
  if (rest === undefined) throw cut(name);
  return connectionsIn(rest, about);
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
    expected: `what it wrote in the last ${LOOK_BACK_SECONDS} s`,
    seen: 'a line that was there before is gone: the log was rotated, or that was longer ago',
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
