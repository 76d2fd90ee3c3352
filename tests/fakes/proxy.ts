import http from 'node:http';
import net from 'node:net';
import { vi } from 'vitest';
import { listen, type Listening } from '../apps/servers.ts';

/** Takes whatever this machine has set out of the test. */
export function withoutProxies(): void {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toLowerCase(), undefined);
  }
}

/** A proxy that knows where the host of every name is: at `target`. It notes what it was asked to reach. */
export async function proxyTo(target: Listening): Promise<Listening & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    const { pathname } = new URL(request.url ?? '');
    const onwards = http.request({ port: target.port, path: pathname, method: request.method }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onwards);
  });
  server.on('connect', (request, client: net.Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url ?? ''}`);
    const onwards = net.connect(target.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onwards.write(head);
      onwards.pipe(client).pipe(onwards);
    });
    onwards.on('error', () => client.destroy());
    client.on('close', () => onwards.destroy());
  });
  return { ...(await listen(server)), asked };
}
