import type { LoggedCaller } from '../../../fixtures/callers.ts';
import type { Outcome, Tally } from '../../../mesh/judge/outcome.ts';
import type { Door, Site } from '../../../mesh/outside/site.ts';
import type { Visit } from '../../../mesh/outside/visits.ts';
import { Question } from '../../../mesh/prober/question.ts';
import type { LoggedConnection, OpenConnectionLog } from '../../../mesh/proxy/connection-log.ts';

export const host = 'outside-5f2c9a01.example.test';
export const straight: LoggedConnection = {
  cluster: `outbound|443||${host}`,
  upstream: '172.19.0.9:443',
  serverName: host,
};
export const past: LoggedConnection = { cluster: 'PassthroughCluster', upstream: '172.19.0.9:443', serverName: '-' };
const door: Door = {
  host,
  port: 443,
  subject: `https://${host}:443`,
  url: new URL(`https://${host}/`),
  order: {},
};

/** What the caller's proxy and the gateway log of the asking. */
export interface Logs {
  readonly caller?: readonly LoggedConnection[];
  readonly gateway?: readonly LoggedConnection[];
  /** The caller's proxy writes nothing at all. */
  readonly mute?: boolean;
  /** The name under which the requests arrive. */
  readonly visited?: string;
  /** What the witness's request comes to, where that is not what the others come to. */
  readonly witness?: Outcome;
  /** The first of them arrives in the place of the last, too. */
  readonly repeated?: boolean;
}

/** A caller whose answers are known beforehand, and an outside server at which the first `arriving` of its requests arrived. */
export function goingOut(tally: Tally, arriving: number, logs: Logs = {}) {
  const { caller: own = [], gateway = [], mute = false, visited = host, repeated = false, witness } = logs;
  let ids: readonly string[] = [];
  const report = (prefix = 'run') => ({
    sent: tally.reduce((sum, { count }) => sum + count, 0),
    seconds: 0.4,
    endedBy: 'count' as const,
    ratePerSecond: 1000,
    startedAt: '',
    behindMillis: 0,
    millis: { median: 1, p90: 1, p99: 1, max: 1 },
    tally: [...tally],
    records: tally
      .flatMap(({ outcome, count }) => Array.from({ length: count }, () => outcome))
      .map((outcome, index) => ({ id: `${prefix}-${index + 1}`, atMillis: index, millis: 1, outcome })),
  });
  const send = ({ idPrefix = 'run', count = 0 }) => {
    // One alone is the witness, of whom nothing is claimed.
    if (count > 1) ids = Array.from({ length: count }, (_, index) => `${idPrefix}-${index + 1}`);
    const told = count === 1 && witness !== undefined ? [{ outcome: witness, count }] : [...tally];
    return Promise.resolve({ ...report(idPrefix), tally: told });
  };
  const question = new Question({
    prober: { send, start: () => Promise.reject(new Error('nobody starts anything here')) },
    from: 'caller',
    subject: door.subject,
    url: door.url,
    order: door.order,
    circumstances: () => Promise.resolve({ service: door.subject, workloads: [] }),
    inForce: () => ['Sidecar registry-only'],
    watcher: { sampled: () => undefined, started: () => undefined, stopped: () => undefined },
  });
  const arrived = () => (repeated ? [...ids.slice(0, arriving - 1), ids[0] ?? ''] : ids.slice(0, arriving));
  const each = () => arrived().map((id) => visit(id, visited));
  const site: Pick<Site, 'name' | 'address' | 'forget' | 'visits'> = {
    name: 'the outside server',
    address: '172.19.0.9',
    forget: () => Promise.resolve(),
    visits: () => Promise.resolve({ connections: arriving, requests: arriving, each: each() }),
  };
  const asked = () => ids.length > 0;
  const caller: LoggedCaller = {
    name: 'caller',
    to: () => question,
    toOutside: () => question,
    open: () =>
      Promise.resolve(wrote((about) => (mute ? [] : about.startsWith('witness') ? [straight] : asked() ? own : []))),
  };
  const exit = {
    service: 'istio-egressgateway.istio-system.svc.cluster.local',
    open: () => Promise.resolve(wrote(() => (asked() ? gateway : []))),
  };
  return { question, site, caller, exit, door };
}

function wrote(about: (text: string) => readonly LoggedConnection[]): OpenConnectionLog {
  return { about: (text) => Promise.resolve(about(text)), [Symbol.asyncDispose]: () => Promise.resolve() };
}

export function times(count: number, one: LoggedConnection): readonly LoggedConnection[] {
  return Array.from({ length: count }, () => one);
}

function visit(id: string, name: string): Visit {
  return {
    port: 443,
    protocol: 'https',
    serverName: name,
    host: name,
    method: 'GET',
    path: '/',
    source: '172.19.0.2:40000',
    headers: { 'x-probe-id': id },
  };
}
