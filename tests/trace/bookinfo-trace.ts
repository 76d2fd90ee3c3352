import type { Span } from '../../mesh/trace/span.ts';
import type { Trail } from '../../mesh/trace/trail.ts';
import type { Hop, SentAs } from '../../mesh/judge/trace-tree.ts';

export const hops: readonly Hop[] = [
  ['ingress', 'productpage'],
  ['productpage', 'details'],
  ['productpage', 'reviews'],
  ['reviews', 'ratings'],
];
export const sent: SentAs = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

const id = (number: number) => `${number}`.padStart(16, '0');

/** Number, parent, who, which side, begin and end in hundredths of a second. */
const rows = [
  [1, 0, 'ingress', 'client', 0, 40],
  [2, 1, 'productpage', 'server', 1, 39],
  [3, 2, 'productpage', 'client', 2, 8],
  [4, 3, 'details', 'server', 3, 7],
  [5, 2, 'productpage', 'client', 10, 38],
  [6, 5, 'reviews', 'server', 11, 37],
  [7, 6, 'reviews', 'client', 20, 30],
  [8, 7, 'ratings', 'server', 21, 29],
] as const;

/** The trace of one request for productpage, as it should be. */
export const whole: readonly Span[] = rows.map(([number, parent, service, kind, begin, end]) => ({
  traceId: sent.traceId,
  id: id(number),
  parentId: parent === 0 ? sent.spanId : id(parent),
  service: `${service}.istio-e2e-w0`,
  kind,
  start: 1_700_000_000_000_000 + begin * 10_000,
  micros: (end - begin) * 10_000,
}));

/** What the apps were told, as they should be. */
export const trail: Trail = new Map(
  whole
    .filter(({ kind }) => kind === 'server')
    .map((span) => [
      span.service.replace(/\..*/, ''),
      [{ traceId: sent.traceId, spanId: span.id, parentSpanId: span.parentId, sampled: '1' }],
    ]),
);

/** The same trace with some spans changed, by number. */
export function changed(number: number, change: Partial<Span>): readonly Span[] {
  return whole.map((span) => (span.id === id(number) ? { ...span, ...change } : span));
}

export function without(...numbers: readonly number[]): readonly Span[] {
  return whole.filter((span) => !numbers.map(id).includes(span.id));
}
