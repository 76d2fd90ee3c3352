import { z } from 'zod';
import { outcomeSchema } from '../judge/outcome.ts';

/** What the prober is told to send. Its server lives in apps/prober; this is what mesh/ expects of it. */
export interface Order {
  readonly target: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Exactly one of the two. */
  readonly count?: number;
  readonly durationSeconds?: number;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly connections?: 'kept' | 'fresh';
  readonly timeoutMillis?: number;
  /** Nothing more is sent once so many had no answer in time. */
  readonly giveUpAfter?: number;
  /** Nothing more is sent after so long. */
  readonly budgetMillis?: number;
  readonly idPrefix?: string;
  /** Where an answer names the version that gave it. */
  readonly version?: VersionMark;
  readonly tls?: Tls;
  /** `ip:port` to connect to instead of what the target's name resolves to. */
  readonly connectTo?: string;
  readonly records?: boolean;
  readonly bodies?: boolean;
}

export type VersionMark = { readonly pattern: string } | { readonly header: string };

export interface Tls {
  readonly insecure?: boolean;
  /** PEM of the only authority that is trusted. */
  readonly ca?: string;
  readonly serverName?: string;
}

const record = z.object({
  id: z.string(),
  atMillis: z.number(),
  millis: z.number(),
  outcome: outcomeSchema,
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  body: z.string().optional(),
});

export const reportSchema = z.object({
  sent: z.number(),
  /** `silence`, `budget`: it gave up the rest. */
  endedBy: z.enum(['budget', 'count', 'duration', 'silence', 'stop']),
  seconds: z.number(),
  ratePerSecond: z.number(),
  startedAt: z.union([z.string(), z.number()]),
  /** With a rate: how late the latest request left, which tells that the prober stood still; else 0. */
  behindMillis: z.number(),
  millis: z.object({ median: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
  tally: z.array(z.object({ outcome: outcomeSchema, count: z.number() })),
  records: z.array(record).optional(),
});

export const runSchema = z.object({ id: z.string() });

/** What came of an order. */
export type ProbeReport = z.infer<typeof reportSchema>;
export type ProbeRecord = z.infer<typeof record>;
