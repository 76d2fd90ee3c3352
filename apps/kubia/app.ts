import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** Answers every path alike: which version was hit, and on which pod. */
export function createKubia(version: string, hostname: string): Server {
  const greeting = `You've hit ${version} ${hostname}\n`;
  return createServer((request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end(request.url === '/healthz' ? 'ok' : greeting);
  });
}
