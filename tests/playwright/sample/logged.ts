import type { LoggedRequest } from '../../../mesh/proxy/access-log.ts';

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
