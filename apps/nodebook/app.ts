import { setTimeout as sleep } from 'node:timers/promises';
import Koa from 'koa';
import type { Context, Middleware } from 'koa';
import { Ledger } from '../common/ledger.ts';
import type { Seen } from '../common/ledger.ts';

const LONGEST_DELAY_MILLIS = 60_000;

/** Paths that ask about nodebook rather than use it: neither counted nor remembered. */
const UNCOUNTED = new Set(['/total', '/seen', '/healthz']);

interface Reply {
  status: number;
  body: string | Seen;
}

interface Route {
  path: RegExp;
  /** `argument` is the path's variable part, or ''. */
  reply: (argument: string, context: Context) => Reply | Promise<Reply>;
}

export function createApp(version: string, ledger = new Ledger()): Koa {
  const app = new Koa();
  app.use(responseTime);
  app.use(counting(ledger));
  app.use(routing(routes(version, ledger)));
  // A caller that hangs up is everyday life behind a proxy with time limits: one line, no stack.
  app.on('error', (error) => {
    console.error(`request failed: ${error.message}`);
  });
  return app;
}

function routes(version: string, ledger: Ledger): Route[] {
  return [
    { path: /^\/version$/, reply: () => ok(version) },
    { path: /^\/total$/, reply: () => ok(String(ledger.total)) },
    { path: /^\/delay\/([^/]*)$/, reply: (millis) => afterDelay(millis, version) },
    { path: /^\/status\/([^/]*)$/, reply: (code) => onPurpose(code, version) },
    { path: /^\/seen$/, reply: (_, context) => ok(ledger.seen(oneOf(context.query['prefix']))) },
    { path: /^\/healthz$/, reply: () => ok('ok') },
  ];
}

const responseTime: Middleware = async (context, next) => {
  const start = performance.now();
  await next();
  context.set('x-response-time', `${Math.round(performance.now() - start)}ms`);
};

/**
 * Counts a request once its answer is ready and before it leaves: who has the answer finds it in /total. An answer
 * that nobody waits for any more was not served.
 */
function counting(ledger: Ledger): Middleware {
  return async (context, next) => {
    if (UNCOUNTED.has(context.path) || context.get('user-agent').startsWith('kube-probe/')) return next();
    const id = context.get('x-probe-id');
    if (id !== '') ledger.arrive(id, context.get('x-envoy-attempt-count'));
    await next();
    if (!context.req.socket.destroyed) ledger.serve();
  };
}

function routing(table: Route[]): Middleware {
  return async (context) => {
    const { status, body } = await replyFrom(table, context);
    // The body first: setting it sets a status of its own.
    context.body = body;
    context.status = status;
  };
}

function replyFrom(table: Route[], context: Context): Reply | Promise<Reply> {
  for (const { path, reply } of table) {
    const match = path.exec(context.path);
    if (match) return reply(match[1] ?? '', context);
  }
  return { status: 404, body: `nodebook has no ${context.path}` };
}

async function afterDelay(argument: string, version: string): Promise<Reply> {
  const millis = wholeNumber(argument, 0, LONGEST_DELAY_MILLIS);
  if (millis === undefined) {
    return { status: 400, body: `/delay/:ms takes whole milliseconds from 0 to ${LONGEST_DELAY_MILLIS}` };
  }
  await sleep(millis);
  return ok(version);
}

/** Fails when asked to. The body names the version, so that a caller knows which one failed. */
function onPurpose(argument: string, version: string): Reply {
  const status = wholeNumber(argument, 200, 599);
  if (status === undefined) return { status: 400, body: '/status/:code takes a status from 200 to 599' };
  return { status, body: `${version} answers ${status}` };
}

function ok(body: Reply['body']): Reply {
  return { status: 200, body };
}

function wholeNumber(digits: string, least: number, most: number): number | undefined {
  if (!/^\d{1,6}$/.test(digits)) return undefined;
  const value = Number(digits);
  return value >= least && value <= most ? value : undefined;
}

function oneOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
