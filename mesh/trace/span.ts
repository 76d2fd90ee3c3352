/** One span, as every back end tells it in the end. */
export interface Span {
  /** 32 digits, hexadecimal. */
  readonly traceId: string;
  /** 16 digits. */
  readonly id: string;
  /** '' where it has none. */
  readonly parentId: string;
  /** `reviews.istio-e2e-w0` */
  readonly service: string;
  /** The side of the request that it was taken at. */
  readonly kind: 'client' | 'server' | 'unknown';
  /** Microseconds since 1970, by the clock of the proxy's node. */
  readonly start: number;
  readonly micros: number;
}

/** A trace back end, as tests ask it. */
export interface TraceBackEnd {
  /** `Zipkin` */
  readonly name: string;
  /** Empty where it knows no such trace, or not yet. */
  trace(id: string): Promise<readonly Span[]>;
  /**
   * Ids of the traces in which a service has a span with this tag.
   *
   * @param atMost how many there may be; a back end that is not told cuts its answer short
   */
  tracesWith(tag: Tag, service: string, atMost: number): Promise<ReadonlySet<string>>;
  /** Where its own page draws a trace. */
  pageOf(id: string): string;
}

export interface Tag {
  readonly name: string;
  readonly value: string;
}

/** Back ends leave away what is zero at the beginning, or do not; ids are compared whole. */
export function wholeId(id: string, digits: 16 | 32): string {
  return id === '' ? '' : id.toLowerCase().padStart(digits, '0');
}

export function kindOf(word: string | undefined): Span['kind'] {
  const kind = word?.toLowerCase();
  return kind === 'client' || kind === 'server' ? kind : 'unknown';
}
