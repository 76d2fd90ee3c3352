import { setTimeout as pause } from 'node:timers/promises';
import { isAborted } from '../../../mesh/judge/abort.ts';
import { isOverflow } from '../../../mesh/judge/breaker.ts';
import type { Count, Tally } from '../../../mesh/judge/outcome.ts';
import type { Circumstances } from '../../../mesh/judge/reasons.ts';
import type { ProbeReport } from '../../../mesh/prober/protocol.ts';
import { Question } from '../../../mesh/prober/question.ts';
import type { LoggedRequest } from '../../../mesh/proxy/access-log.ts';
import type { OwnProxy } from '../../../mesh/proxy/own-proxy.ts';
import { loggedRequest, logHolding } from './logged.ts';
import type { BackEnd } from '../../../mesh/world/back-end.ts';

export interface State {
  readonly proxy?: Partial<OwnProxy>;
  readonly v4?: { readonly wanted: number; readonly ready: number };
  /** Without it, every request gets its turn in the tally until the asked number is reached. */
  readonly lost?: number;
  /** What each request took. */
  readonly millis?: number;
  /** Sent before the prober gave up the rest. */
  readonly gaveUpAt?: number;
  /** Milliseconds until all is answered. */
  readonly lasting?: number;
}

/** A question whose answers are known beforehand. */
export function answering(
  tally: Tally,
  { v4 = { wanted: 1, ready: 1 }, lost = 0, millis = 1, gaveUpAt, lasting = 0, proxy = {} }: State = {},
): Question {
  const sent = tally
    .flatMap(({ outcome, count }) => Array.from({ length: count }, () => outcome))
    .map((outcome, atMillis) => ({ atMillis, outcome }));
  const report = (prefix = 'run'): ProbeReport => ({
    sent: gaveUpAt ?? tally.reduce((sum, { count }) => sum + count, lost),
    seconds: 0.4,
    endedBy: gaveUpAt === undefined ? 'count' : 'silence',
    ratePerSecond: 1000,
    startedAt: '',
    behindMillis: 0,
    millis: { median: 1, p90: 1, p99: 1, max: 1 },
    tally: [...tally],
    records: sent.map((one, index) => ({ id: `${prefix}-${index + 1}`, millis, ...one })),
  });
  const circumstances: Circumstances = {
    service: 'nodebook',
    workloads: [
      { name: 'nodebook-v3', version: 'v3', wanted: 1, ready: 1 },
      { name: 'nodebook-v4', version: 'v4', ...v4 },
    ],
  };
  return new Question({
    prober: {
      send: ({ idPrefix }) => pause(lasting, report(idPrefix)),
      start: () => Promise.resolve({ stop: () => Promise.resolve(report()) }),
    },
    from: 'caller',
    subject: 'nodebook',
    url: new URL('http://nodebook:3000/version'),
    order: {},
    circumstances: () => Promise.resolve(circumstances),
    inForce: () => ['DestinationRule nodebook', 'VirtualService nodebook'],
    proxy: { ...idleProxy, log: logHolding(...tally.flatMap(written)), ...proxy },
    watcher: { sampled: () => undefined, started: () => undefined, stopped: () => undefined },
  });
}

const idleProxy: OwnProxy = {
  name: 'pod w0/prober',
  counts: () => Promise.resolve({}),
  log: logHolding(),
};

/** A log in which each request has such a line. */
export const writing = (count: number, status: number, ...flags: readonly string[]) => ({
  log: logHolding(...Array.from({ length: count }, () => ({ ...loggedRequest, status, flags }))),
});

function written({ outcome, count }: Count): readonly LoggedRequest[] {
  const status = outcome.kind === 'answered' ? outcome.status : 0;
  const flags = isOverflow(outcome) ? ['UO'] : isAborted(outcome, status) ? ['FI'] : [];
  return Array.from({ length: count }, () => ({ ...loggedRequest, status, flags }));
}

/** A back end at which the given requests of a run arrived, by number, each so many times. */
export function remembering(name: string, numbers: readonly number[], times = 1): BackEnd {
  const seen = (prefix: string) => new Map(numbers.map((number) => [`${prefix}${number}`, times]));
  return { ...backEnd(name), seen: (prefix) => Promise.resolve(seen(prefix)) };
}

/** A back end that has served so many requests each time that it is asked. */
export function counting(name: string, ...counts: readonly number[]): BackEnd {
  const left = [...counts];
  return { ...backEnd(name), served: () => Promise.resolve(left.shift() ?? 0) };
}

function backEnd(name: string): BackEnd {
  const [, version = ''] = name.split(' ');
  return { name, version, seen: () => Promise.resolve(new Map()), served: () => Promise.resolve(0) };
}

/** The numbers from one to another. */
export function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
