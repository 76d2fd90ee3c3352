import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server on a free loopback port for as long as the test's scope lives. */
export interface Listening extends AsyncDisposable {
  port: number;
  url: string;
}

export async function listen(server: net.Server): Promise<Listening> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}

export interface Recorded {
  id: string;
  request: http.IncomingMessage;
}

/** An HTTP server that notes each request and each connection before `answer` has its say. */
export async function httpServer(
  answer: (request: http.IncomingMessage, response: http.ServerResponse) => void,
): Promise<Listening & { requests: Recorded[]; connections: () => number }> {
  const requests: Recorded[] = [];
  let connections = 0;
  const server = http.createServer((request, response) => {
    requests.push({ id: String(request.headers['x-probe-id']), request });
    answer(request, response);
  });
  server.on('connection', () => (connections += 1));
  return { ...(await listen(server)), requests, connections: () => connections };
}

/** A TCP server that does `react` with each piece of data a client sends. */
export function tcpServer(react: (socket: net.Socket) => void): Promise<Listening> {
  const server = net.createServer((socket) => {
    socket.on('data', () => {
      react(socket);
    });
  });
  return listen(server);
}

/** A port where nobody listens: it was free a moment ago. */
export async function silentPort(): Promise<number> {
  await using server = await listen(net.createServer());
  return server.port;
}
