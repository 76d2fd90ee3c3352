import { type Hop, type SentAs, shortName } from '../judge/trace-tree.ts';
import type { Losses } from './reports.ts';
import type { Span } from './span.ts';
import type { Trail } from './trail.ts';

/**
 * How many spans a trace lacks, by service: one at either side of each call. None where an app itself was told otherwise, or not asked at all: then the chain is
 * broken, and whatever a back end lacks besides explains nothing.
 */
export function missingSpans(
  spans: readonly Span[],
  { traceId }: SentAs,
  hops: readonly Hop[],
  trail: Trail,
): ReadonlyMap<string, number> {
  const told = hops.map(([, to]) => trail.get(to)).filter((footprints) => footprints !== undefined);
  const passedOn = told.every(
    (footprints) => footprints.length > 0 && footprints.every((one) => one.traceId === traceId && one.sampled === '1'),
  );
  if (!passedOn) return new Map();
  const wanted = Map.groupBy(hops.flat(), (service) => service);
  const own = (service: string) => spans.filter((span) => shortName(span.service) === service).length;
  const lacking = [...wanted].map(([service, { length }]) => [service, length - own(service)] as const);
  return new Map(lacking.filter(([, count]) => count > 0));
}

/** Whether all of them may have been lost by the very proxies that took them. */
export function explained(missing: ReadonlyMap<string, number>, losses: Losses): boolean {
  return missing.size > 0 && [...missing].every(([service, count]) => count <= (losses.get(service) ?? 0));
}
