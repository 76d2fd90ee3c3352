import { HarnessError } from '../errors.ts';
import type { ProbeReport } from '../prober/protocol.ts';
import { isServed, type Outcome } from '../judge/outcome.ts';
import { outcomeInWords } from '../judge/words.ts';
import { converge } from '../waiting/converge.ts';

/** Somebody who asks, and where to. */
export interface Way {
  readonly from: string;
  readonly to: string;
  ask(): Promise<ProbeReport>;
}

/**
 * A pod may be ready before kube-proxy on its node, or a proxy, leads anybody to it. Waits until each way was answered once: what
 * is asked afterwards meets no half-known service. Nothing is judged here, and no rule is in force yet: where somebody answers otherwise all that time,
 * or hangs up, there is a way, and it is for the tests to say who is wrong.
 *
 * @throws HarnessError WAY_CLOSED where nobody answers
 */
export async function waysOpen(ways: readonly Way[], within = 60_000): Promise<void> {
  let closed: readonly Way[] = ways;
  const look = async () => {
    const seen = await Promise.all(closed.map(async (way) => ({ way, bad: amiss(await way.ask()) })));
    const left = seen.filter(({ bad }) => bad.length > 0);
    closed = left.map(({ way }) => way);
    return left;
  };
  const { held, last, millis } = await converge(look, (left) => left.length === 0, { within, every: 100 });
  const shut = last.filter(({ bad }) => bad.some(isNobody));
  if (held || shut.length === 0) return;
  throw new HarnessError({
    code: 'WAY_CLOSED',
    blame: 'environment',
    doing: 'Waiting until everybody can ask whom the tests will have them ask',
    expected: 'an answer on each way, while no rule is in force',
    seen: shut.map(({ way, bad }) => `${way.from} to ${way.to}: ${bad.map(outcomeInWords).join(', ')}`).join('; '),
    afterMillis: millis,
    next: 'see whether kube-proxy runs, and whether the proxies are connected: istioctl proxy-status',
  });
}

/** What came of a request; empty where it was served. */
function amiss({ tally }: ProbeReport): readonly Outcome[] {
  return tally.map(({ outcome }) => outcome).filter((outcome) => !isServed(outcome));
}

/** Who answers otherwise, or hangs up, is there. */
function isNobody(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.reason !== 'reset' && outcome.reason !== 'closed';
}
