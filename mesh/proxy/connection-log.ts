import { z } from 'zod';
import type { Kube } from '../kube/kube.ts';
import type { ProxyView } from './view.ts';

/** What a proxy's access log says of one connection or request: where it was led. */
export interface LoggedConnection {
  /** `outbound|443||httpbin.org`, `PassthroughCluster`, `BlackHoleCluster`. */
  readonly cluster: string;
  /** `address:port` it was connected to; `-` where there was nobody. */
  readonly upstream: string;
  /** The name in the handshake, where the proxy looked for it. */
  readonly serverName: string;
}

/** By the node's own clock; a test that takes longer than this has failed anyway. */
const LOOK_BACK_SECONDS = '120';
/** The end of a line in Istio's own format: upstream, cluster, three addresses, name in the handshake, route. */
const words = /"([^"]*)" (\S+) \S+ \S+ \S+ (\S+) \S+$/;
const schema = z.object({
  upstream_cluster: z.string().nullish(),
  upstream_host: z.string().nullish(),
  requested_server_name: z.string().nullish(),
});

/** The lines of a proxy's access log that mention something: a host, an address. Oldest first. */
export async function loggedAbout(
  kube: Kube,
  { namespace, pod, name }: Pick<ProxyView, 'namespace' | 'pod' | 'name'>,
  about: string,
): Promise<readonly LoggedConnection[]> {
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
  const query = { container: 'istio-proxy', sinceSeconds: LOOK_BACK_SECONDS };
  const log = await kube.rest.text({ method: 'GET', path, query }, `Reading the access log of ${name}`);
  return log
    .split('\n')
    .filter((line) => line.includes(about))
    .flatMap(parseConnection);
}

/** One line, in the format that Istio has by itself or as JSON; none where it is another line of the proxy's. */
export function parseConnection(line: string): readonly LoggedConnection[] {
  if (line.startsWith('{')) return fromJson(line);
  const [, upstream = '', cluster = '', serverName = ''] = words.exec(line.trimEnd()) ?? [];
  return line.startsWith('[') && cluster !== '' ? [{ cluster, upstream, serverName }] : [];
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

function fromJson(line: string): readonly LoggedConnection[] {
  try {
    const {
      upstream_cluster: cluster,
      upstream_host: upstream,
      requested_server_name: name,
    } = schema.parse(JSON.parse(line));
    return [{ cluster: cluster ?? '-', upstream: upstream ?? '-', serverName: name ?? '-' }];
  } catch {
    // The last line of a log that is being written may be cut.
    return [];
  }
}
