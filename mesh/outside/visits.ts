import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

const visit = z.object({
  port: z.number(),
  protocol: z.enum(['http', 'https']),
  /** The name in the TLS handshake (SNI); '' without one. */
  serverName: z.string(),
  /** The Host header. */
  host: z.string(),
  method: z.string(),
  path: z.string(),
  /** `address:port` that it came from: the node's, behind which the pods are hidden. */
  source: z.string(),
  headers: z.record(z.string(), z.string()),
});
const visits = z.object({
  connections: z.record(z.string(), z.number()),
  requests: z.number(),
  visits: z.array(visit),
});

export type Visit = z.infer<typeof visit>;

/** What an outside server has seen. */
export interface Visits {
  /** In all; one that came to nothing counts too. */
  readonly connections: number;
  readonly requests: number;
  /** Each request, oldest first. */
  readonly each: readonly Visit[];
}

/** The book of an outside server: the whole, or what it says of one port. */
export async function readVisits(reception: Http, port?: number): Promise<Visits> {
  const whole = parsed(reception, await reception.send({ method: 'GET', path: '/visits' }));
  const each = whole.visits.filter((visit) => port === undefined || visit.port === port);
  const connections = Object.entries(whole.connections).filter(([to]) => port === undefined || Number(to) === port);
  return {
    connections: connections.reduce((sum, [, count]) => sum + count, 0),
    requests: port === undefined ? whole.requests : each.length,
    each,
  };
}

/** From now on it counts from zero. */
export async function forgetVisits(reception: Http): Promise<void> {
  parsed(reception, await reception.send({ method: 'DELETE', path: '/visits' }));
}

function parsed({ peer }: Http, { status, text }: { readonly status: number; readonly text: string }) {
  const told = status === 200 ? visits.safeParse(JSON.parse(text)) : undefined;
  if (told?.success === true) return told.data;
  throw new HarnessError({
    code: 'OUTSIDE_UNREADABLE',
    blame: 'environment',
    doing: `Asking the outside server (${peer}) who came`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether its container is running: docker ps --filter label=istio-e2e.dev/outside',
  });
}
