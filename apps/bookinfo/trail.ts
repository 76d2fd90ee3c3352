import type { IncomingHttpHeaders } from 'node:http';

/** The B3 headers that one request arrived with, '' for one that was not there. */
export interface Footprint {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  sampled: string;
}

const REMEMBERED_IDS = 2_000;

/** What each request with an id of the tests' carried for the tracing proxies. */
export class Trail {
  readonly #footprints = new Map<string, Footprint[]>();

  arrive(id: string, headers: IncomingHttpHeaders): void {
    const read = (name: string): string => String(headers[`x-b3-${name}`] ?? '');
    const footprint = {
      traceId: read('traceid'),
      spanId: read('spanid'),
      parentSpanId: read('parentspanid'),
      sampled: read('sampled'),
    };
    this.#footprints.set(id, [...(this.#footprints.get(id) ?? []), footprint]);
    const [oldest] = this.#footprints.keys();
    if (this.#footprints.size > REMEMBERED_IDS && oldest !== undefined) this.#footprints.delete(oldest);
  }

  of(id: string): readonly Footprint[] {
    return this.#footprints.get(id) ?? [];
  }
}
