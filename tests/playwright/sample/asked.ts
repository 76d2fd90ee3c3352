import type { Tally } from '../../../mesh/judge/outcome.ts';
import type { Circumstances } from '../../../mesh/judge/reasons.ts';
import type { ProbeReport } from '../../../mesh/prober/protocol.ts';
import { Question } from '../../../mesh/prober/question.ts';

export interface State {
  readonly v4?: { readonly wanted: number; readonly ready: number };
  /** Without it, every request gets its turn in the tally until the asked number is reached. */
  readonly lost?: number;
}

/** A question whose answers are known beforehand. */
export function answering(tally: Tally, { v4 = { wanted: 1, ready: 1 }, lost = 0 }: State = {}): Question {
  const report = (): ProbeReport => ({
    sent: tally.reduce((sum, { count }) => sum + count, lost),
    seconds: 0.4,
    ratePerSecond: 1000,
    startedAt: '',
    millis: { median: 1, p90: 1, p99: 1, max: 1 },
    tally: [...tally],
    records: tally.flatMap(({ outcome, count }) =>
      Array.from({ length: count }, (_, index) => ({ id: `${index}`, atMillis: index, millis: 1, outcome })),
    ),
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
      send: () => Promise.resolve(report()),
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
