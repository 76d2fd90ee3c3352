/**
 * Listening and stopping.
 *
 * Stopping: Kubernetes takes a pod out of its Service at the same moment as it sends SIGTERM, but the proxies of the
 * callers hear of that only a little later (endpoint slice, istiod's debounce, push). A server that closes its port at
 * once turns that little while into 503s. So it goes on answering for `drainMillis`, with `connection: close`, which
 * moves the callers' kept connections elsewhere without cutting one in use; then it stops listening, finishes what is
 * in flight and exits. That replaces a preStop hook and leaves the rest of a grace period of 5 s to slow answers.
 */
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServeOptions {
  /** Where to listen unless PORT says otherwise; PORT=0 takes any free port. */
  port: number;
  /** How long to go on answering after SIGTERM unless DRAIN_MILLIS says otherwise. */
  drainMillis: number;
  /** Called when the drain is over, before in-flight requests are awaited. */
  onStop?: () => void;
}

const CLOSE_IDLE_EVERY_MILLIS = 20;

/** Listens, announces the port as one JSON line, and stops the process gracefully on SIGTERM or SIGINT. */
export function serve(server: Server, options: ServeOptions): void {
  const port = wholeNumberFrom('PORT', options.port);
  const drainMillis = wholeNumberFrom('DRAIN_MILLIS', options.drainMillis);
  // Node's default closes a connection that was idle for 5 s. A proxy that sends on it at that moment reports a 503
  // which is no fault of the mesh, so idle connections are left to the caller.
  server.keepAliveTimeout = 0;
  server.listen(port, process.env['HOST'] ?? '0.0.0.0', () => {
    const address = server.address() as AddressInfo;
    console.log(JSON.stringify({ listening: address.port }));
  });
  const stop = (): void => {
    void drainAndClose(server, drainMillis, options.onStop).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function drainAndClose(server: Server, drainMillis: number, onStop?: () => void): Promise<void> {
  server.prependListener('request', (_request: unknown, response: ServerResponse) => {
    response.setHeader('connection', 'close');
  });
  if (drainMillis > 0) await sleep(drainMillis);
  onStop?.();
  await close(server);
}

async function close(server: Server): Promise<void> {
  // close() closes what is idle now; a connection that becomes idle afterwards would hold it open.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, CLOSE_IDLE_EVERY_MILLIS);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(sweep);
}

function wholeNumberFrom(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined) return fallback;
  if (!/^\d{1,5}$/.test(text)) throw new Error(`${name} must be a whole number of at most five digits, not "${text}".`);
  return Number(text);
}
