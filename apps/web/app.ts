import { createServer } from 'node:http';
import type { Server } from 'node:http';

export interface Identity {
  name: string;
  version: string;
  hostname: string;
}

/** Answers every path alike: which back end was hit, and on which pod. */
export function createWeb({ name, version, hostname }: Identity): Server {
  const greeting = `hello ${name} ${version} from ${hostname}\n`;
  return createServer((request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(request.url === '/healthz' ? 'ok' : greeting);
  });
}
