import type { IncomingHttpHeaders } from 'node:http';

/** What a service repeats towards the next one, so that proxies can join the spans, and so that user and session stay known. */
const NAMES = new Set([
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
  // Not the sample's: the id by which the tests find a request again in /seen of the services behind.
  'x-probe-id',
]);
/** Of these, what joins the spans. */
const OF_TRACES = new Set([
  'x-request-id',
  'traceparent',
  'tracestate',
  'b3',
  'x-ot-span-context',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
]);
const PREFIXES_OF_TRACES = ['x-b3-', 'x-datadog-'];
/** Not the sample's: who is sent this makes the mistake that breaks every trace, and keeps to itself what joins the spans. */
const FORGET = 'x-forget-trace';

/** Each role says for itself who the end user is: the page takes it from the session, never from the caller's header. */
export function passedOn(incoming: IncomingHttpHeaders, endUser: string): Record<string, string> {
  const joins = incoming[FORGET] === undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (typeof value === 'string' && (NAMES.has(name) || (joins && isOfTraces(name)))) headers[name] = value;
  }
  if (endUser !== '') headers['end-user'] = endUser;
  return headers;
}

function isOfTraces(name: string): boolean {
  return OF_TRACES.has(name) || PREFIXES_OF_TRACES.some((prefix) => name.startsWith(prefix));
}
