import { HarnessError } from '../errors.ts';
import type { ProbeReport } from '../prober/protocol.ts';
import { isServed } from '../judge/outcome.ts';
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
 * is asked afterwards meets no half-known service. Nothing is judged here, and no rule is in force yet.
 */
export async function waysOpen(ways: readonly Way[], within = 60_000): Promise<void> {
  let closed: readonly Way[] = ways;
  const look = async () => {
    const seen = await Promise.all(closed.map(async (way) => ({ way, words: wordsOf(await way.ask()) })));
    const left = seen.filter(({ words }) => words !== '');
    closed = left.map(({ way }) => way);
    return left;
  };
  const { held, last, millis } = await converge(look, (left) => left.length === 0, { within, every: 100 });
  if (held) return;
  throw new HarnessError({
    code: 'WAY_CLOSED',
    blame: 'environment',
    doing: 'Waiting until everybody can ask whom the tests will have them ask',
    expected: 'an answer of 200 on each way, while no rule is in force',
    seen: last.map(({ way, words }) => `${way.from} to ${way.to}: ${words}`).join('; '),
    afterMillis: millis,
    next: 'see whether kube-proxy runs, and whether the proxies are connected: istioctl proxy-status',
  });
}

/** What came of a request; empty where it was answered. */
function wordsOf({ tally }: ProbeReport): string {
  const bad = tally.map(({ outcome }) => outcome).filter((outcome) => !isServed(outcome));
  return bad.map(outcomeInWords).join(', ');
}
