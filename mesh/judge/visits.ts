import type { Visit, Visits } from '../outside/visits.ts';
import { type Arrivals, arrivalsOf, type Ending } from './arrivals.ts';
import { judgeTries } from './seen.ts';

/** A server's book, as far as a verdict asks: how many came, whether they are those that were sent, and by which names. */
export interface Visited {
  readonly connections: number;
  readonly requests: number;
  readonly arrivals: Arrivals;
  readonly names: readonly string[];
}

export function visitedBy(endings: readonly Ending[], { connections, requests, each }: Visits): Visited {
  const counts = new Map([...Map.groupBy(each, idOf)].map(([id, visits]) => [id, visits.length]));
  const names = [...new Set(each.map(nameOf))];
  return { connections, requests, arrivals: arrivalsOf(endings, counts), names };
}

export interface VisitsVerdict {
  readonly pass: boolean;
  /** What did not hold, in words; '' where everything did. */
  readonly flaw: string;
}

/**
 * The server saw every request exactly once and nothing else, each under the name that the caller used for it: in the handshake, too, where there
 * was one.
 */
export function judgeVisits({ requests, arrivals, names }: Visited, asked: number, host: string): VisitsVerdict {
  const misnamed = names.find((name) => name !== host);
  const flaw =
    requests !== asked
      ? `${requests} requests arrived there, and not ${asked}`
      : !judgeTries(arrivals, 1).pass
        ? 'the requests that arrived there are not those that were sent, each once'
        : misnamed === undefined
          ? ''
          : `a request arrived there for ${misnamed}, and not for ${host}`;
  return { pass: flaw === '', flaw };
}

/** `66 connections, 66 requests` */
export function visitsInWords({ connections, requests }: Pick<Visits, 'connections' | 'requests'>): string {
  return connections === 0 && requests === 0 ? 'nobody' : `${connections} connections, ${requests} requests`;
}

function idOf({ headers }: Visit): string {
  return headers['x-probe-id'] ?? '';
}

/** Who was meant: with TLS both the handshake and the request say so. */
function nameOf({ protocol, serverName, host }: Visit): string {
  const asked = host.replace(/:\d+$/, '');
  return protocol === 'https' && serverName !== asked
    ? `${asked} (in the handshake: ${serverName || 'no name'})`
    : asked;
}
