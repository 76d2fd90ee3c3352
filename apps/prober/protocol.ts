/**
 * What is said to a prober and what it answers: types only, so that a client can import them with `import type`.
 *
 * POST /send           SendRequest -> 200 SendAnswer
 * POST /runs           RunRequest  -> 201 RunStarted
 * GET  /runs/:id                   -> 200 RunProgress
 * POST /runs/:id/stop              -> 200 SendAnswer, once nothing is in flight any more
 * GET  /envoy/*                    -> the sidecar's Envoy admin, read-only
 * GET  /healthz                    -> 200 "ok"
 *
 * Anything refused is a 4xx or 5xx with an ApiError. A network result never is: it is an Outcome.
 */

/** What to send, without saying how much of it. */
export interface Traffic {
  /**
   * `http://host:port/path?query`, `https://...`, or `tcp://host:port`: then each request is a connection, on which the id is sent as
   * one line and one line is read, which counts as a 200.
   */
  target: string;
  /** Default GET. */
  method?: Method;
  /** A `host` header becomes the real Host (and does not change which address is dialled). */
  headers?: Record<string, string>;
  body?: string;
  /** How many requests are in flight at most. Default 1; with `rate`, 512, so that slow answers do not slow the sending. */
  concurrency?: number;
  /** Requests per second, evenly spaced whatever the answers do. Absent: each worker sends as soon as it has its answer. */
  rate?: number;
  /**
   * `kept` (default): one connection per worker, opened when needed, at most `concurrency` together.
   * `fresh`: a new connection for each request, with `connection: close`; TLS sessions are not resumed either.
   */
  connections?: 'kept' | 'fresh';
  /** From the sending to the end of the answer, connecting included. Default 10,000. */
  timeoutMillis?: number;
  /** Sends nothing more once so many requests have ended with `timeout`: what is left would only wait as long. Default: never. */
  giveUpAfter?: number;
  /** Sends nothing more once so long has passed: what each request takes may add up to more than anybody waits. Default: never. */
  budgetMillis?: number;
  /** Request n of a run carries `x-probe-id: <idPrefix>-<n>`, n from 1. Default: a random prefix. */
  idPrefix?: string;
  /** Where an answer says which version gave it. Default: a body that is `v1`, `v2`, ..., else the first such word in it. */
  version?: VersionSource;
  /** Answer with a record of each request. Default false. */
  records?: boolean;
  /** With `records`: put up to 2,000 characters of each answer's body into its record. Default false. */
  bodies?: boolean;
  /** `ip:port` to dial instead of the target's own, as curl's --connect-to does. Host and SNI stay the target's. */
  connectTo?: string;
  /** For https targets only. */
  tls?: TlsOptions;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** `pattern`: a regular expression for the body, whose first group is the version. `header`: a response header's name. */
export type VersionSource = { pattern: string } | { header: string };

export interface TlsOptions {
  /** Accept any certificate. */
  insecure?: boolean;
  /** PEM of the authority to trust instead of the public ones. */
  ca?: string;
  /** SNI, and the name the certificate must bear. Default: the target's host. */
  serverName?: string;
}

/** A fixed number of requests, or as many as fit into a time: exactly one of the two. */
export type SendRequest = Traffic & SendLimit;
export type SendLimit = { count: number } | { durationSeconds: number };

/** A background run ends at whichever comes first: its count, its time, or POST /runs/:id/stop. One limit is required. */
export type RunRequest = Traffic & RunLimit;
export type RunLimit = { count: number; durationSeconds?: number } | { durationSeconds: number };

/** How one request ended. Parts that differ from request to request are taken out, so that equal endings are equal. */
export type Outcome = Answered | Refused;

export interface Answered {
  kind: 'answered';
  status: number;
  /** '' when the answer does not tell one. */
  version: string;
  /** The Server header, or ''. */
  server: string;
  /** Status 400 and up: the first 160 characters of the body on one line, where Envoy names its reason. Otherwise ''. */
  detail: string;
}

export interface Refused {
  kind: 'refused';
  reason: RefusedReason;
  /** The error's code, or how far the exchange had come. */
  detail: string;
}

export type RefusedReason =
  /** Nobody listens on the port. */
  | 'no-listener'
  /** The peer reset the connection. */
  | 'reset'
  /** The peer closed the connection before the answer was whole. */
  | 'closed'
  /** No whole answer within `timeoutMillis`, or the system gave up connecting. */
  | 'timeout'
  /** The target's name does not resolve. */
  | 'dns'
  /** The TLS handshake failed; detail is the certificate's or the handshake's error code. */
  | 'tls'
  /** No route to the address. */
  | 'unreachable'
  | 'other';

export interface TallyRow {
  outcome: Outcome;
  count: number;
}

export interface SendAnswer {
  /** Each of them is in the tally exactly once. */
  sent: number;
  /** What ended the sending. */
  endedBy: 'budget' | 'count' | 'duration' | 'silence' | 'stop';
  /** From the first sending to the last ending. */
  seconds: number;
  ratePerSecond: number;
  /** ISO 8601. */
  startedAt: string;
  /** With `rate`: how late the latest request left. Large means that `concurrency` is too small for the rate. */
  behindMillis: number;
  /** Over all requests, refused ones included; all 0 when none was sent. */
  millis: Percentiles;
  /** Most frequent first. */
  tally: TallyRow[];
  /** When asked for: in the order of sending. */
  records?: RequestRecord[];
  /** With `records`: how many were not kept, beyond 200,000 (20,000 with bodies). */
  recordsDropped?: number;
}

export interface Percentiles {
  median: number;
  p90: number;
  p99: number;
  max: number;
}

export interface RequestRecord {
  id: string;
  /** When it was sent, since the start of the run. */
  atMillis: number;
  millis: number;
  outcome: Outcome;
  /** Those of the answer that are in SelectedHeader. */
  headers?: Partial<Record<SelectedHeader, string>>;
  body?: string;
}

export type SelectedHeader =
  'server' | 'x-envoy-upstream-service-time' | 'x-envoy-attempt-count' | 'location' | 'content-type';

export interface RunStarted {
  id: string;
}

export interface RunProgress {
  id: string;
  /** `finishing`: nothing more is sent, what is in flight is awaited. */
  state: 'sending' | 'finishing' | 'finished';
  sent: number;
  inFlight: number;
  /** Of the requests that have ended. */
  tally: TallyRow[];
}

export interface ApiError {
  error: string;
  /** What to do about it. */
  next: string;
}

/** The line a prober prints on its standard output once it can be asked. */
export interface Listening {
  listening: number;
}
