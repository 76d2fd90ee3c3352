import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Rest } from '../kube/rest.ts';

/** A port of a pod, and the page that is looked at there. */
export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly page: string;
}

/** A way from this machine's browser to a pod. It is open until it is disposed of. */
export interface Door extends AsyncDisposable {
  /** `http://127.0.0.1:40123/zipkin/` */
  readonly address: string;
}

/** Of one connection alone (RFC 9110), or about the way and not the page. */
const leftBehind = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'te',
]);
/** Compressed pages could not be read here; and who compares its own name with where a page came from knows only its own. */
const notSent = new Set([...leftBehind, 'accept-encoding', 'origin', 'referer', 'authorization']);

/**
 * Opens a free port of the loopback that leads to a pod, by the API server's proxy: that works on any cluster. The API server puts the way to itself before
 * every link of a page; it is taken away again, so that the page is what it is at home.
 */
export async function openDoor(rest: Rest, { namespace, pod, port, page }: Place): Promise<Door> {
  const root = `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy`;
  const server = createServer((request, response) => {
    const own = (server.address() as AddressInfo).port;
    // Another name for this machine is how a page from elsewhere would get in.
    if (request.headers.host !== `127.0.0.1:${own}`) {
      response.writeHead(421).end(`This door is called http://127.0.0.1:${own}\n`);
      return;
    }
    // What a page from elsewhere asks would be asked in the name of whoever opened the door.
    const { origin = `http://127.0.0.1:${own}`, 'sec-fetch-site': site } = request.headers;
    if (origin !== `http://127.0.0.1:${own}` || site === 'cross-site') {
      response.writeHead(403).end('Only pages from behind this door may ask here.\n');
      return;
    }
    carry(rest, root, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(error instanceof Error ? error.message : String(error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispose = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${page}`,
    [Symbol.asyncDispose]: dispose,
  };
}

async function carry(rest: Rest, root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Resolved first: dots in it must not lead out of the pod's own part of the API server.
  const { pathname, search } = new URL(request.url ?? '/', 'http://pod');
  const body = await buffer(request);
  const answer = await rest.pass({
    method: (request.method ?? 'GET') as 'GET',
    path: `${root}${pathname}${search}`,
    headers: plain(request.headers, notSent),
    ...(body.length === 0 ? {} : { body }),
  });
  const headers = plain(answer.headers, leftBehind);
  if (headers['location'] !== undefined) headers['location'] = headers['location'].replace(root, '');
  response.writeHead(answer.statusCode, headers);
  if (!/^text\/html/.test(headers['content-type'] ?? '')) return pipeline(answer.body, response);
  response.end((await answer.body.text()).replaceAll(root, ''));
}

function plain(headers: NodeJS.Dict<string | string[]>, without: ReadonlySet<string>): Record<string, string> {
  const pairs = Object.entries(headers).filter(([name]) => !without.has(name));
  return Object.fromEntries(pairs.map(([name, value]) => [name, [value].flat().join(', ')]));
}
