import type { Kube } from '../kube/kube.ts';
import { type LogLine, logLines } from './log-line.ts';
import type { ProxyView } from './view.ts';

/** Where a connection or a request was led, as a proxy's access log says; `-` where it says nothing. */
export type LoggedConnection = Pick<LogLine, 'cluster' | 'upstream' | 'serverName'>;

/** By the node's own clock; a test that takes longer than this has failed anyway. */
const LOOK_BACK_SECONDS = '120';

/** The lines of a proxy's access log that mention something: a host, an address. Oldest first. */
export async function loggedAbout(
  kube: Kube,
  { namespace, pod, name }: Pick<ProxyView, 'namespace' | 'pod' | 'name'>,
  about: string,
): Promise<readonly LoggedConnection[]> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const query = { container: 'istio-proxy', sinceSeconds: LOOK_BACK_SECONDS };
  const log = await kube.rest.text({ method: 'GET', path, query }, `Reading the access log of ${name}`);
  return connectionsIn(log, about);
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
