import type { Method, TlsOptions } from './protocol.ts';

/** A SendRequest after validation: nothing optional is left open, nothing needs checking again. */
export interface Plan {
  target: URL;
  dial: { host: string; port: number };
  method: Method;
  headers: Record<string, string>;
  body: string | undefined;
  tls: TlsOptions;
  connections: 'kept' | 'fresh';
  timeoutMillis: number;
  /** Infinity: never. */
  giveUpAfter: number;
  /** Infinity: never. */
  budgetMillis: number;
  readVersion: ReadVersion;
  /** Infinity when only the time limits the run, and the other way round. */
  count: number;
  durationMillis: number;
  concurrency: number;
  /** 0: no schedule. */
  rate: number;
  idPrefix: string;
  records: boolean;
  bodies: boolean;
}

export type ReadVersion = (body: string, header: (name: string) => string) => string;

export const LIMITS = {
  count: 200_000,
  durationSeconds: 120,
  concurrency: 512,
  rate: 20_000,
  timeoutMillis: 120_000,
  budgetMillis: 600_000,
  records: 200_000,
  recordsWithBodies: 20_000,
} as const;
