import type { Span } from '../trace/span.ts';
import type { Footprint, Trail } from '../trace/trail.ts';

/** Who asks whom, once: `['reviews', 'ratings']`. The first one of a chain asks first. */
export type Hop = readonly [from: string, to: string];

/** Where each service was entered. */
type Entries = ReadonlyMap<string, readonly Span[]>;

export interface SentAs {
  readonly traceId: string;
  /** The span that the caller said is its own: parent of all others. */
  readonly spanId: string;
}

/** A call that a rule holds up: whoever waits for it waits at least as long. */
export interface SlowHop {
  readonly hop: Hop;
  readonly millis: number;
}

/**
 * How far the clocks of two proxies may be apart. On one node there is one clock; several are held together by NTP. On a busy machine a proxy may also
 * come to write down the end of a span after whoever asked has had the answer.
 */
export const CLOCK_TOLERANCE_MILLIS = 100;

/**
 * What does not hold of a trace, the most telling first; empty where all of it does: each service is asked once by whom it should be, with a
 * span at either side, parents follow the calls, every span lies within its parent's time, lasts as long as what is held up below it, and each app was
 * told its own proxy's span.
 */
export function flawsOfTree(
  spans: readonly Span[],
  sent: SentAs,
  hops: readonly Hop[],
  trail: Trail,
  slow?: SlowHop,
): readonly string[] {
  if (spans.length === 0) return ['there is no trace of the id that was sent'];
  const services = [...new Set(hops.flat())];
  const [first = ''] = services;
  const entries: Entries = new Map(services.map((service) => [service, entriesOf(spans, service)]));
  const missing = services.filter((service) => entries.get(service)?.length === 0);
  if (missing.length > 0) return missing.map((service) => missingInWords(service, hops, sent, trail));
  const strangers = spans.filter(({ service }) => !services.includes(shortName(service)));
  return [
    ...services.flatMap((service) => repeated(service, entries.get(service) ?? [])),
    ...rootFlaw(entries.get(first)?.[0], first, sent),
    ...hops.flatMap((hop) => hopFlaws(spans, entries, hop, first)),
    ...callsForNobody(spans, services, entries),
    ...strangers.map(({ service }) => `${shortName(service)} has a span in it, and was not to be asked`),
    ...spans.flatMap((span) => timeFlaw(span, spans)),
    ...(slow === undefined ? [] : haste(spans, entries, slow)),
    ...services
      .filter((service) => trail.has(service))
      .flatMap((service) => trailFlaws(service, entries.get(service)?.[0], sent, trail)),
  ];
}

/** `reviews.istio-e2e-w0` is reviews. */
export function shortName(service: string): string {
  return service.replace(/\..*/, '');
}

/** Where a service was entered: its spans whose parent is not its own. */
function entriesOf(spans: readonly Span[], name: string): readonly Span[] {
  const own = spans.filter(({ service }) => shortName(service) === name);
  const ids = new Set(own.map(({ id }) => id));
  return own.filter(({ parentId }) => !ids.has(parentId));
}

function missingInWords(service: string, hops: readonly Hop[], sent: SentAs, trail: Trail): string {
  const caller = hops.find(([, to]) => to === service)?.[0];
  if (caller === undefined) return `${service} has no span in it`;
  const [stray] = (trail.get(service) ?? []).filter(({ traceId }) => traceId !== sent.traceId);
  return stray === undefined
    ? `the chain breaks at ${caller}: ${service} has no span in it`
    : `the chain breaks at ${caller}: ${service} was asked under ${traceInWords(stray)}, so that ${caller} did not pass the B3 headers on`;
}

function traceInWords({ traceId }: Footprint): string {
  return traceId === '' ? 'no trace id' : `another trace id (${traceId})`;
}

function repeated(service: string, { length }: readonly Span[]): readonly string[] {
  return length === 1 ? [] : [`${service} was entered ${length} times, and not once`];
}

function rootFlaw(entry: Span | undefined, service: string, { spanId }: SentAs): readonly string[] {
  if (entry === undefined || entry.parentId === spanId) return [];
  return [
    `the span of ${service} has ${entry.parentId || 'nobody'} as its parent, and not the ${spanId} that was sent`,
  ];
}

/** Who was asked besides those of the chain may write no spans; that it was asked shows at whoever asked. */
function callsForNobody(spans: readonly Span[], services: readonly string[], entries: Entries): readonly string[] {
  const answered = new Set([...entries.values()].flat().map(({ parentId }) => parentId));
  return spans
    .filter(({ service, kind, id }) => kind === 'client' && services.includes(shortName(service)) && !answered.has(id))
    .map(({ service }) => `${shortName(service)} asked somebody who has no span in it`);
}

/** A gateway may do with one span for both sides of its own. */
function hopFlaws(spans: readonly Span[], entries: Entries, [from, to]: Hop, first: string): readonly string[] {
  const [entry, asking] = [entries.get(to)?.[0], entries.get(from)?.[0]];
  const parent = spans.find(({ id }) => id === entry?.parentId);
  if (parent === undefined) return [`the span of ${to} has a parent that is not in it`];
  const name = shortName(parent.service);
  const joined = parent.parentId === asking?.id || (from === first && parent === asking);
  return [
    ...(name === from ? [] : [`the span of ${to} has one of ${name} as its parent, and not of ${from}`]),
    ...(name !== from || joined ? [] : [`the span with which ${from} asks ${to} is no child of ${from}'s own`]),
    ...sideFlaw(parent, 'client', `${from} asks ${to}`),
    ...sideFlaw(entry, 'server', `${to} is asked`),
  ];
}

function sideFlaw(span: Span | undefined, side: Span['kind'], what: string): readonly string[] {
  return span === undefined || span.kind === side
    ? []
    : [`the span with which ${what} is of kind ${span.kind}, and not ${side}`];
}

function timeFlaw(span: Span, spans: readonly Span[]): readonly string[] {
  const parent = spans.find(({ id }) => id === span.parentId);
  if (parent === undefined) return [];
  const slack = CLOCK_TOLERANCE_MILLIS * 1000;
  const early = parent.start - span.start;
  const late = span.start + span.micros - (parent.start + parent.micros);
  const [name, above] = [shortName(span.service), shortName(parent.service)];
  return [
    ...(early > slack ? [`a span of ${name} begins ${millis(early)} before its parent at ${above}`] : []),
    ...(late > slack ? [`a span of ${name} ends ${millis(late)} after its parent at ${above}`] : []),
  ];
}

/** The span of who asks, and all above it: each is measured by one clock, which needs no tolerance. */
function haste(
  spans: readonly Span[],
  entries: Entries,
  { hop: [from, to], millis: least }: SlowHop,
): readonly string[] {
  const above: Span[] = [];
  const next = (id: string | undefined) => spans.find((span) => span.id === id && !above.includes(span));
  for (let span = next(entries.get(to)?.[0]?.parentId); span !== undefined; span = next(span.parentId))
    above.push(span);
  return above
    .filter(({ micros }) => micros < least * 1000)
    .map(
      ({ service, kind, micros }) =>
        `the ${kind} span of ${shortName(service)} took ${millis(micros)}, although ${from} waits ${least} ms for ${to}`,
    );
}

function millis(micros: number): string {
  return `${(micros / 1000).toFixed(1)} ms`;
}

/** A sidecar tells its app the span that it has just begun, and its parent. */
function trailFlaws(service: string, entry: Span | undefined, { traceId }: SentAs, trail: Trail): readonly string[] {
  const [footprint, ...more] = trail.get(service) ?? [];
  if (footprint === undefined) return [`${service} itself did not see the request`];
  if (more.length > 0) return [`${service} itself saw the request ${more.length + 1} times, and not once`];
  const wanted: Footprint = { traceId, spanId: entry?.id ?? '', parentSpanId: entry?.parentId ?? '', sampled: '1' };
  return Object.entries(wanted)
    .filter(([field, value]) => footprint[field as keyof Footprint] !== value)
    .map(([field, value]) => {
      const header = `x-b3-${field.toLowerCase()}`;
      return `${service} was sent ${header} ${footprint[field as keyof Footprint] || 'nothing'}, and not ${value}`;
    });
}

/** The tree, a line for each span: `  reviews server 12.1 ms (+3.0 ms)`. */
export function treeInWords(spans: readonly Span[]): readonly string[] {
  const ids = new Set(spans.map(({ id }) => id));
  const begin = Math.min(...spans.map(({ start }) => start));
  const below = (parent: Span, depth: number): readonly string[] => [
    `${'  '.repeat(depth)}${shortName(parent.service)} ${parent.kind} ${millis(parent.micros)} (+${millis(parent.start - begin)})`,
    ...spans
      .filter(({ parentId }) => parentId === parent.id)
      .toSorted(byStart)
      .flatMap((span) => below(span, depth + 1)),
  ];
  return spans
    .filter(({ parentId }) => !ids.has(parentId))
    .toSorted(byStart)
    .flatMap((root) => below(root, 0));
}

function byStart(a: Span, b: Span): number {
  return a.start - b.start;
}
