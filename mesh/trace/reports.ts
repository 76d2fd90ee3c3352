import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';
import { hostStats, sumOf } from '../proxy/host-stats.ts';
import { converge, type Pace } from '../waiting/converge.ts';
import { flushOf } from './flush.ts';

/** A proxy that takes spans. */
export interface Reporter {
  /** `reviews` */
  readonly service: string;
  /** The prober in its pod. */
  readonly relay: Http;
}

/** What became of the reports in which a proxy hands its spans over, since it has known the collector. */
interface Reports {
  /** Whether it knows the collector now. */
  readonly known: boolean;
  readonly failed: number;
  readonly taken: number;
  readonly unanswered: number;
}

/** How many spans of a service its proxies may have lost at most; those that lost none are not named. */
export type Losses = ReadonlyMap<string, number>;

/** A report takes some milliseconds: one that has no answer for so long is on its way to somebody who does not keep up. */
const patience: Pace = { within: 500, every: 100 };

/**
 * Begins to watch how proxies hand their spans over.
 *
 * @param collector the address of the pod that takes them
 * @returns how many each of them may have lost from then on
 */
export async function watchReports(
  reporters: readonly Reporter[],
  collector: string,
  pace = patience,
): Promise<() => Promise<Losses>> {
  const look = () => Promise.all(reporters.map(({ relay }) => reportsOf(relay, collector)));
  const before = await look();
  return async () => {
    const { last: after } = await converge(look, (all) => all.every(({ unanswered }) => unanswered === 0), pace);
    const lost = new Map<string, number>();
    for (const [index, { service, relay }] of reporters.entries()) {
      const reports = lostBetween(before[index], after[index]);
      if (reports <= 0) continue;
      const { spans } = await flushOf(relay);
      lost.set(service, (lost.get(service) ?? 0) + reports * Math.max(1, spans));
    }
    return lost;
  };
}

/**
 * By what a proxy counts of the collector's host: its counters `tracing.zipkin.*` say the same, but are not among those that Istio has it keep.
 *
 * @throws HarnessError PROXY_UNREADABLE
 */
async function reportsOf(relay: Http, collector: string): Promise<Reports> {
  const hosts = await hostStats(relay, 'Counting the reports of spans');
  const mine = hosts.filter(({ address }) => address === collector);
  // An error is what was answered 5xx, and what was not answered at all: no connection, one that was cut off, time that was over.
  return {
    known: mine.length > 0,
    failed: sumOf(mine, 'rq_error'),
    taken: sumOf(mine, 'rq_success'),
    unanswered: sumOf(mine, 'rq_active'),
  };
}

/**
 * Whoever has forgotten the collector meanwhile, or got to know it anew, has nobody who counted. Whoever never got a report through is kept from it by the mesh:
 * the collector itself is up, for it is asked for the traces.
 */
function lostBetween(before: Reports | undefined, after: Reports | undefined): number {
  if (before === undefined || after === undefined) return 0;
  const forgotten = before.known && (!after.known || after.failed < before.failed);
  if (forgotten) return Infinity;
  return after.taken === 0 ? 0 : after.failed - before.failed + after.unanswered;
}

/** A verdict on traces that would be another one with the spans that were lost. */
export interface Doubt {
  readonly backEnd: string;
  readonly losses: Losses;
  /** First line of the verdict. */
  readonly verdict: string;
}

export function spansLost({ backEnd, losses, verdict }: Doubt): HarnessError {
  const seen = [...losses].map(
    ([service, most]) => `${most === Infinity ? 'any number' : `up to ${most}`} of ${service}`,
  );
  return new HarnessError({
    code: 'SPANS_LOST',
    blame: 'environment',
    doing: `Handing spans over to ${backEnd}`,
    expected: 'every report in which a proxy hands its spans over to be taken',
    seen: `reports failed or had no answer, and with them spans were lost: ${seen.join(', ')}`,
    next: `see whether ${backEnd} was up all the time, and the machine not too busy for it; the test itself says: ${verdict}`,
  });
}
