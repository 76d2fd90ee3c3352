import { expect, test } from 'vitest';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import type { ProbeReport } from '../../mesh/prober/protocol.ts';
import { waysOpen } from '../../mesh/world/reach.ts';

const served: Outcome = { kind: 'answered', status: 200, version: '', server: 'envoy', detail: '' };
const shut: Outcome = { kind: 'refused', reason: 'no-listener', detail: 'ECONNREFUSED' };

function report(outcome: Outcome): ProbeReport {
  const millis = { median: 1, p90: 1, p99: 1, max: 1 };
  return {
    sent: 1,
    seconds: 0,
    endedBy: 'count',
    ratePerSecond: 1,
    startedAt: '',
    behindMillis: 0,
    millis,
    tally: [{ outcome, count: 1 }],
  };
}

function way(to: string, ...answers: readonly Outcome[]) {
  const left = [...answers];
  let asked = 0;
  const ask = () => {
    asked += 1;
    return Promise.resolve(report(left.length > 1 ? (left.shift() as Outcome) : (left[0] as Outcome)));
  };
  return { from: 'legacy', to, ask, asked: () => asked };
}

test('waits for the way that opens last, and knocks no more where it was answered', async () => {
  const open = way('foo', served);
  const late = way('bar', shut, { ...served, status: 503 }, served);
  await waysOpen([open, late]);
  expect([open.asked(), late.asked()]).toEqual([1, 3]);
});

test('a way that stays shut is named, with what came of it', async () => {
  await expect(waysOpen([way('foo', served), way('bar', shut)], 0)).rejects.toThrow(
    /legacy to bar: refused: nothing listens there/,
  );
});

test.each<[string, Outcome]>([
  ['is answered otherwise', { ...served, status: 503 }],
  ['is cut off', { kind: 'refused', reason: 'reset', detail: 'ECONNRESET' }],
])('a way that %s to the end is left to the tests', async (_, outcome) => {
  await expect(waysOpen([way('bar', outcome)], 0)).resolves.toBe(undefined);
});
