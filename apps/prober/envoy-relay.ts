import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Misuse } from './misuse.ts';

/** What only tells. Everything else of Envoy's admin may change the proxy: drain it, reset it, stop it. */
const READABLE = [
  'config_dump',
  'clusters',
  'stats',
  'stats/prometheus',
  'listeners',
  'server_info',
  'ready',
  'certs',
  'runtime',
] as const;

const TIMEOUT_MILLIS = 15_000;

/** Relays GET /envoy/<page> to the sidecar's admin, which listens on the pod's own loopback only. */
export async function relayToEnvoy(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  admin: string,
): Promise<void> {
  const page = READABLE.find((each) => url.pathname === `/envoy/${each}`);
  if (request.method !== 'GET' || page === undefined) {
    const asked = `${request.method ?? ''} ${url.pathname}`;
    throw new Misuse(`${asked} is not relayed to Envoy.`, `Only GET of these is: ${READABLE.join(', ')}.`, 403);
  }
  const answer = await fromAdmin(admin, `/${page}${url.search}`);
  response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'text/plain' });
  await pipeline(answer, response);
}

async function fromAdmin(admin: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(path, admin), { agent: false, timeout: TIMEOUT_MILLIS }, resolve);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MILLIS} ms`)));
    request.on('error', (error) => {
      const next = 'Ask a prober that has a sidecar, or wait until its proxy is up.';
      reject(new Misuse(`There is no Envoy admin at ${admin}: ${error.message}.`, next, 502));
    });
  });
}
