import { z } from 'zod';

/** What one request came to. A probe never throws for what the network did: that is what it measures. */
export type Outcome = Answered | Refused;

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** The version that the application says it is; empty where a proxy answered for it. */
  readonly version: string;
  /** The `server` header: `istio-envoy` where a gateway passed it on or answered itself. */
  readonly server: string;
  /** The first words of the body of an answer that is not a plain success. */
  readonly detail: string;
}

export const refusals = ['no-listener', 'reset', 'closed', 'timeout', 'dns', 'tls', 'unreachable', 'other'] as const;
export type Refusal = (typeof refusals)[number];

export interface Refused {
  readonly kind: 'refused';
  readonly reason: Refusal;
  readonly detail: string;
}

/** The same as it is sent and kept. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    status: z.number(),
    version: z.string(),
    server: z.string(),
    detail: z.string(),
  }),
  z.object({ kind: z.literal('refused'), reason: z.enum(refusals), detail: z.string() }),
]);

/** How often each outcome came. */
export interface Count {
  readonly outcome: Outcome;
  readonly count: number;
}

export type Tally = readonly Count[];

/** With 200, by whomever. */
export function isServed(outcome: Outcome): outcome is Answered {
  return outcome.kind === 'answered' && outcome.status === 200;
}

export function served(outcome: Outcome, version: string): boolean {
  return isServed(outcome) && outcome.version === version;
}

export function total(tally: Tally): number {
  return tally.reduce((sum, { count }) => sum + count, 0);
}

export function countWhere(tally: Tally, fits: (outcome: Outcome) => boolean): number {
  return total(tally.filter(({ outcome }) => fits(outcome)));
}
