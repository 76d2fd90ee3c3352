/**
 * Listening and stopping, for connections instead of requests. The drain has the same reason as in the HTTP apps: the
 * callers' proxies hear only a little after SIGTERM that this pod leaves, and until then they must find it open.
 */
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServeTcpOptions {
  ports: readonly number[];
  /** How long to go on taking connections after SIGTERM unless DRAIN_MILLIS says otherwise. */
  drainMillis: number;
}

/** Listens on all ports, announces each as one JSON line, and stops the process gracefully on SIGTERM or SIGINT. */
export async function serveTcp(create: () => Server, options: ServeTcpOptions): Promise<void> {
  const drainMillis = Number(process.env['DRAIN_MILLIS'] ?? options.drainMillis);
  const open = new Set<Socket>();
  const servers = await Promise.all(options.ports.map((port) => listening(create(), port, open)));
  const stop = (): void => {
    void sleep(drainMillis)
      .then(() => close(servers, open))
      .then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Last: whoever reads it may send the signal.
  for (const server of servers) console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port }));
}

async function listening(server: Server, port: number, open: Set<Socket>): Promise<Server> {
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(port, process.env['HOST'] ?? '0.0.0.0');
  await once(server, 'listening');
  return server;
}

/** Every line that has arrived was answered at once; what is left is to send the answers out. */
async function close(servers: readonly Server[], open: ReadonlySet<Socket>): Promise<void> {
  const closed = Promise.all(servers.map((server) => once(server, 'close')));
  for (const server of servers) server.close();
  for (const socket of open) socket.destroySoon();
  await closed;
}
