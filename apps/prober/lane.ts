import type { Outcome, RequestRecord } from './protocol.ts';

/**
 * One worker's way to the target. The pool hands a lane to one exchange at a time, so that a lane never needs more
 * than one connection. Other protocols than HTTP are other implementations of this interface.
 */
export interface Lane {
  /** Never rejects: whatever the network does is an outcome. */
  exchange(id: string): Promise<Exchange>;
  close(): void;
}

export type OpenLane = () => Lane;

export interface Exchange {
  outcome: Outcome;
  headers?: NonNullable<RequestRecord['headers']>;
  body?: string;
}
