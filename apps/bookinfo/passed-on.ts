import type { IncomingHttpHeaders } from 'node:http';

/** What a service repeats towards the next one, so that proxies can join the spans, and so that user and session stay known. */
const NAMES = new Set([
  'x-request-id',
  'traceparent',
  'tracestate',
  'b3',
  'x-ot-span-context',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
  // Not the sample's: the id by which the tests find a request again in /seen of the services behind.
  'x-probe-id',
]);
const PREFIXES = ['x-b3-', 'x-datadog-'];

/** Each role says for itself who the end user is: the page takes it from the session, never from the caller's header. */
export function passedOn(incoming: IncomingHttpHeaders, endUser: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (typeof value === 'string' && isPassedOn(name)) headers[name] = value;
  }
  if (endUser !== '') headers['end-user'] = endUser;
  return headers;
}

function isPassedOn(name: string): boolean {
  return NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));
}
