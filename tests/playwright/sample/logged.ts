import type { AccessLog, LoggedRequest } from '../../../mesh/proxy/access-log.ts';

export const loggedRequest: LoggedRequest = {
  id: '',
  requestId: '',
  method: 'GET',
  path: '/',
  status: 403,
  flags: [],
  details: '',
  route: '',
  bytesReceived: 0,
  bytesSent: 19,
  cluster: '',
  upstream: '',
};

/** An access log in which these requests are found, whoever sent them. */
export function logHolding(...lines: readonly LoggedRequest[]): AccessLog {
  const open = {
    about: () => Promise.resolve(lines),
    by: () => Promise.resolve(lines),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { name: 'ns/prober', ip: '10.1.1.1', open: () => Promise.resolve(open) };
}
