import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { relayToEnvoy } from './envoy-relay.ts';
import { openHttpLane } from './http-lane.ts';
import { lookupOnce } from './lookup.ts';
import { readJson, replyError, replyJson } from './json.ts';
import { Misuse } from './misuse.ts';
import type { Plan } from './plan.ts';
import { readRequest } from './request.ts';
import { Run } from './run.ts';
import { Runs } from './runs.ts';
import { openTcpLane } from './tcp-lane.ts';

export interface Prober {
  server: Server;
  /** Ends every run; their callers get the tally of what was sent. */
  stopSending: () => void;
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** The path's variable part. */
  id: string;
}

interface Route {
  method: string;
  path: RegExp;
  handle: (call: Call) => void | Promise<void>;
}

export function createProber(envoyAdmin: string): Prober {
  const runs = new Runs();
  const sends = new Set<Run>();
  const routes = routesOf(runs, sends, envoyAdmin);
  const server = createServer((request, response) => {
    void dispatch(routes, request, response).catch((error: unknown) => {
      replyError(response, error);
    });
  });
  const stopSending = (): void => {
    for (const run of sends) run.stop();
    runs.stopAll();
  };
  return { server, stopSending };
}

function routesOf(runs: Runs, sends: Set<Run>, envoyAdmin: string): Route[] {
  return [
    { method: 'GET', path: /^\/healthz$/, handle: ({ response }) => void response.end('ok') },
    { method: 'POST', path: /^\/send$/, handle: (call) => send(call, sends) },
    { method: 'POST', path: /^\/runs$/, handle: (call) => startRun(call, runs) },
    {
      method: 'GET',
      path: /^\/runs\/([^/]+)$/,
      handle: ({ response, id }) => {
        replyJson(response, 200, runs.progress(id));
      },
    },
    {
      method: 'POST',
      path: /^\/runs\/([^/]+)\/stop$/,
      handle: async ({ response, id }) => {
        replyJson(response, 200, await runs.stop(id));
      },
    },
    // Any method: the relay itself says why it refuses one.
    {
      method: '*',
      path: /^\/envoy\//,
      handle: (call) => relayToEnvoy(call.request, call.response, call.url, envoyAdmin),
    },
  ];
}

async function dispatch(routes: Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  // `OPTIONS *` and the like have no path; they end as a path that does not exist.
  const url = URL.parse(`http://prober${request.url ?? '/'}`) ?? new URL('http://prober/*');
  const fitting = routes.filter(({ path }) => path.test(url.pathname));
  const route = fitting.find(({ method }) => method === '*' || method === request.method);
  if (route === undefined) throw noRoute(fitting, request.method ?? '', url.pathname);
  await route.handle({ request, response, url, id: route.path.exec(url.pathname)?.[1] ?? '' });
}

function noRoute(fitting: Route[], method: string, path: string): Misuse {
  const other = fitting[0]?.method;
  if (other !== undefined) return new Misuse(`${path} does not take ${method}.`, `Use ${other}.`, 405);
  return new Misuse(`There is no ${path}.`, 'There are /send, /runs, /envoy/... and /healthz.', 404);
}

async function send({ request, response }: Call, sends: Set<Run>): Promise<void> {
  const run = startPlan(readRequest(await readJson(request), 'exactly-one'));
  sends.add(run);
  // A caller that hung up must not leave traffic behind that disturbs the next measurement.
  response.once('close', () => {
    run.stop();
  });
  try {
    replyJson(response, 200, await run.finished);
  } finally {
    sends.delete(run);
  }
}

async function startRun({ request, response }: Call, runs: Runs): Promise<void> {
  const plan = readRequest(await readJson(request), 'at-least-one');
  replyJson(response, 201, { id: runs.add(() => startPlan(plan)) });
}

function startPlan(plan: Plan): Run {
  const open = plan.target.protocol === 'tcp:' ? openTcpLane : openHttpLane;
  const lookup = lookupOnce();
  return new Run(plan, () => open(plan, lookup));
}
