import type { Visit, Visits } from '../outside/visits.ts';
import { judgeTries } from './seen.ts';

export interface VisitsVerdict {
  readonly pass: boolean;
  /** What did not hold, in words; '' where everything did. */
  readonly flaw: string;
}

/**
 * The server saw every request exactly once and nothing else, each under the name that the caller used for it: in the handshake, too, where there
 * was one.
 */
export function judgeVisits(ids: readonly string[], asked: number, seen: Visits, host: string): VisitsVerdict {
  const arrivals = Map.groupBy(seen.each, idOf);
  const counts = new Map([...arrivals].map(([id, visits]) => [id, visits.length]));
  const misnamed = seen.each.find((visit) => nameOf(visit) !== host);
  const flaw =
    seen.requests !== asked
      ? `${seen.requests} requests arrived there, and not ${asked}`
      : !judgeTries(ids, counts, 1).pass
        ? 'the requests that arrived there are not those that were sent, each once'
        : misnamed === undefined
          ? ''
          : `a request arrived there for ${nameOf(misnamed)}, and not for ${host}`;
  return { pass: flaw === '', flaw };
}

/** `66 connections, 66 requests` */
export function visitsInWords({ connections, requests }: Visits): string {
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
