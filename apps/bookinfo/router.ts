import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { json } from './reply.ts';
import type { Reply } from './reply.ts';

export interface Call {
  request: IncomingMessage;
  url: URL;
  /** The path's variable part, or ''. */
  argument: string;
}

export interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  reply: (call: Call) => Reply | Promise<Reply>;
}

/** Looks on: when a request has come, and when its answer is ready but not sent yet. */
export interface Watch {
  arrived: (request: IncomingMessage, path: string) => void;
  answering: (request: IncomingMessage, path: string) => void;
}

export function createRouter(routes: readonly Route[], watch: Watch): Server {
  return createServer((request, response) => {
    void answer(routes, watch, request, response);
  });
}

async function answer(
  routes: readonly Route[],
  watch: Watch,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // `OPTIONS *` and the like have no path; they end as a path that does not exist.
  const url = URL.parse(`http://bookinfo${request.url ?? '/'}`) ?? new URL('http://bookinfo/*');
  watch.arrived(request, url.pathname);
  const { status, headers, body } = await replyFrom(routes, request, url);
  watch.answering(request, url.pathname);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function replyFrom(routes: readonly Route[], request: IncomingMessage, url: URL): Promise<Reply> {
  // HEAD is answered as GET; Node leaves out the body.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const fitting = routes.filter(({ path }) => path.test(url.pathname));
  const route = fitting.find((candidate) => candidate.method === method);
  if (route === undefined) return noRoute(fitting, url.pathname);
  try {
    return await route.reply({ request, url, argument: route.path.exec(url.pathname)?.[1] ?? '' });
  } catch (error) {
    console.error(error);
    return json(500, { error: `bookinfo failed: ${String(error)}` });
  }
}

function noRoute(fitting: readonly Route[], path: string): Reply {
  const methods = fitting.map(({ method }) => method).join(', ');
  if (methods === '') return json(404, { error: `there is no ${path} here` });
  const refusal = json(405, { error: `${path} takes ${methods} only` });
  return { ...refusal, headers: { ...refusal.headers, allow: methods } };
}
