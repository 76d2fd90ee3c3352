import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { GuestBook, Visit } from './guest-book.ts';

export interface Pair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** A server of the outside world: it answers everything alike, and enters it into the book. */
export function createOutside(book: GuestBook, pair?: Pair): Server {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    book.visited(visitOf(request));
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end('outside\n');
  };
  const server = pair === undefined ? http.createServer(answer) : https.createServer({ ...pair }, answer);
  // A proxy that sends on a connection at the moment at which Node closes it would report a 503 of its own.
  server.keepAliveTimeout = 0;
  // Before TLS has begun: a handshake that fails has reached the server all the same.
  server.on('connection', (socket: Socket) => {
    book.connected(socket.localPort ?? 0);
  });
  return server;
}

/** Where the book is read: GET /visits tells what is in it, DELETE /visits forgets it. */
export function createReception(book: GuestBook): Server {
  return http.createServer(({ method, url }, response) => {
    if (url === '/healthz') return void response.end('ok');
    if (url !== '/visits') return void response.writeHead(404).end('There are /visits and /healthz.\n');
    if (method === 'DELETE') book.forget();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(book.tell()));
  });
}

function visitOf({ socket, headers, method = '', url = '' }: IncomingMessage): Visit {
  const serverName = socket instanceof TLSSocket ? (socket as { servername?: unknown }).servername : '';
  return {
    port: socket.localPort ?? 0,
    protocol: socket instanceof TLSSocket ? 'https' : 'http',
    serverName: typeof serverName === 'string' ? serverName : '',
    host: headers.host ?? '',
    method,
    path: url,
    source: `${(socket.remoteAddress ?? '').replace('::ffff:', '')}:${socket.remotePort ?? 0}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}
