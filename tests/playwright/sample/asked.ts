import type { Tally } from '../../../mesh/judge/outcome.ts';
import type { Circumstances } from '../../../mesh/judge/reasons.ts';
import type { ProbeReport } from '../../../mesh/prober/protocol.ts';
import { Question } from '../../../mesh/prober/question.ts';
import type { BackEnd } from '../../../mesh/world/back-end.ts';

export interface State {
  readonly v4?: { readonly wanted: number; readonly ready: number };
  /** Without it, every request gets its turn in the tally until the asked number is reached. */
  readonly lost?: number;
  /** What each request took. */
  readonly millis?: number;
}

/** A question whose answers are known beforehand. */
export function answering(tally: Tally, { v4 = { wanted: 1, ready: 1 }, lost = 0, millis = 1 }: State = {}): Question {
  const sent = tally.flatMap(({ outcome, count }) =>
    Array.from({ length: count }, (_, atMillis) => ({ atMillis, outcome })),
  );
  const report = (prefix = 'run'): ProbeReport => ({
    sent: tally.reduce((sum, { count }) => sum + count, lost),
    seconds: 0.4,
    ratePerSecond: 1000,
    startedAt: '',
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
      send: ({ idPrefix }) => Promise.resolve(report(idPrefix)),
      start: () => Promise.resolve({ stop: () => Promise.resolve(report()) }),
    },
    from: 'caller',
    subject: 'nodebook',
    url: new URL('http://nodebook:3000/version'),
    order: {},
    circumstances: () => Promise.resolve(circumstances),
    inForce: () => ['DestinationRule nodebook', 'VirtualService nodebook'],
    watcher: { sampled: () => undefined, started: () => undefined },
  });
}

/** A back end at which the given requests of a run arrived, by number, each so many times. */
export function remembering(name: string, numbers: readonly number[], times = 1): BackEnd {
  const seen = (prefix: string) => new Map(numbers.map((number) => [`${prefix}${number}`, times]));
  return { name, seen: (prefix) => Promise.resolve(seen(prefix)) };
}

/** The numbers from one to another. */
export function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
