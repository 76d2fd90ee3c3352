import { type CountedConnections, countOf } from '../proxy/connection-log.ts';

/** What the two proxies on the way out have logged of the connections of one sample. */
export interface Departures {
  readonly caller: readonly CountedConnections[];
  readonly gateway: readonly CountedConnections[];
}

/** The way that connections with one name in their handshake have to take. */
export interface Way {
  readonly host: string;
  readonly port: number;
  /** Service of the gateway that they go through; undefined where they go straight out. */
  readonly through?: string;
}

/**
 * What does not fit, in words; '' where every connection took this way, by the logs of both proxies. The caller's proxy may have logged more than were
 * asked for: see `isLoggedEach`.
 */
export function flawOfWay(logged: Departures, asked: number, { host, port, through }: Way): string {
  const out = `outbound|${port}||${host}`;
  const [service, wanted] = through === undefined ? [host, 0] : [through, asked];
  const strayed = logged.caller.find(({ cluster }) => !leadsTo(cluster, port, service));
  const nameless = logged.gateway.find(({ serverName, cluster }) => serverName !== host || cluster !== out);
  if (strayed !== undefined) return `the caller's proxy led to ${strayed.cluster}, and not to ${service}`;
  if (!isLoggedEach(logged.caller, asked))
    return `the caller's proxy logged ${countOf(logged.caller)} connections, and not ${asked}`;
  if (nameless !== undefined)
    return `the gateway led a connection for ${nameless.serverName} to ${nameless.cluster}, and not to ${out}`;
  if (countOf(logged.gateway) !== wanted)
    return `the gateway logged ${countOf(logged.gateway)} connections, and not ${wanted}`;
  return '';
}

/** The same of connections to an address that a proxy beside a pod is to have led there, each of them. */
export function flawOfLogged(logged: readonly CountedConnections[], asked: number, address: string): string {
  const led = logged.filter(({ upstream }) => upstream === address);
  const strayed = logged.find(({ upstream }) => upstream !== address);
  if (!isLoggedEach(led, asked)) return miscounted(led, address, asked);
  return strayed === undefined ? '' : `the caller's proxy led to ${strayed.upstream}, and not to ${address}`;
}

/** The same of connections to an address that such a proxy is to know nothing of. */
export function flawOfUnlogged(logged: readonly CountedConnections[], address: string): string {
  return countOf(logged) === 0 ? '' : miscounted(logged, address, 0);
}

function miscounted(logged: readonly CountedConnections[], address: string, wanted: number): string {
  return `the caller's proxy logged ${countOf(logged)} connections to ${address}, and not ${wanted}`;
}

/**
 * Whether a proxy beside a pod has logged as many connections as were asked for. It may have logged one of them twice: where a connection to the same
 * address was reset a few seconds ago (10 s), and the proxy goes out from the port that this one had, the kernel's connection tracking takes the two for
 * one and leads it into the proxy once more, before it leaves. That nothing left twice, the server's own book tells.
 */
function isLoggedEach(logged: readonly CountedConnections[], asked: number): boolean {
  return countOf(logged) >= asked;
}

function leadsTo(cluster: string, port: number, service: string): boolean {
  const [, to, , host] = cluster.split('|');
  return to === String(port) && host === service;
}
