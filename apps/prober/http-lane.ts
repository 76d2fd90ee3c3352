import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { answered, KEPT_BODY_BYTES, selectedHeaders } from './answer.ts';
import type { Exchange, Lane } from './lane.ts';
import type { Plan } from './plan.ts';
import { refused, refusedBy } from './refusal.ts';

const BODY_CHARACTERS_IN_RECORD = 2_000;

/** A lane over node:http. It never sends a request twice: a kept connection that turns out to be dead is an outcome. */
export function openHttpLane(plan: Plan, lookup: LookupFunction): Lane {
  const agent = agentFor(plan);
  const fixed = { ...requestOptions(plan, agent), lookup };
  const start = plan.target.protocol === 'https:' ? https.request : http.request;
  const begin = (id: string) => start({ ...fixed, headers: { ...fixed.headers, 'x-probe-id': id } });
  return {
    // Node refuses some requests by throwing; that, too, is how this request ended.
    exchange: (id) =>
      exchange(id, plan, () => begin(id)).catch((error: unknown) => ({
        outcome: refusedBy(error as Error, null, 'before sending'),
      })),
    close: () => {
      agent.destroy();
    },
  };
}

function agentFor(plan: Plan): http.Agent {
  const kept = plan.connections === 'kept';
  // One socket: a request never overtakes the closing of the connection before it.
  const options = { keepAlive: kept, maxSockets: kept ? 1 : Infinity };
  // A resumed TLS session skips the certificate, and a fresh connection would not be one.
  return plan.target.protocol === 'https:'
    ? new https.Agent({ ...options, maxCachedSessions: 0 })
    : new http.Agent(options);
}

function requestOptions(plan: Plan, agent: http.Agent) {
  const { target, tls, body } = plan;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return {
    agent,
    ...plan.dial,
    method: plan.method,
    path: target.pathname + target.search,
    headers: { ...plan.headers, ...length },
    // Always said, because Node would otherwise take the Host header for it. An IP address is no server name.
    servername: tls.serverName ?? (isIP(plan.target.hostname.replace(/^\[|\]$/g, '')) === 0 ? target.hostname : ''),
    rejectUnauthorized: tls.insecure !== true,
    ...(tls.ca !== undefined && { ca: tls.ca }),
  };
}

async function exchange(id: string, plan: Plan, start: () => http.ClientRequest): Promise<Exchange> {
  return new Promise((resolve) => {
    const request = start();
    let response: http.IncomingMessage | undefined;
    // Only the first of several events decides; a promise ignores the later ones.
    const settle = (ending: Exchange): void => {
      clearTimeout(timer);
      resolve(ending);
    };
    const fail = (error: Error): void => {
      settle({ outcome: refusedBy(error, request.socket, stageOf(request.socket, response)) });
    };
    const timer = setTimeout(() => {
      settle({ outcome: refused('timeout', stageOf(request.socket, response)) });
      request.destroy();
    }, plan.timeoutMillis);
    request.on('error', fail);
    request.on('response', (started) => {
      response = started;
      started.on('error', fail);
      collect(started, (body) => {
        settle(endingOf(started, body, id, plan));
      });
    });
    request.end(plan.body);
  });
}

function collect(response: http.IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let kept = 0;
  response.on('data', (chunk: Buffer) => {
    if (kept < KEPT_BODY_BYTES) chunks.push(chunk);
    kept += chunk.length;
  });
  response.on('end', () => {
    done(Buffer.concat(chunks).toString());
  });
}

function endingOf(response: http.IncomingMessage, body: string, id: string, plan: Plan): Exchange {
  const outcome = answered(response, body, id, plan);
  if (!plan.records) return { outcome };
  const headers = selectedHeaders(response);
  return { outcome, headers, ...(plan.bodies && { body: body.slice(0, BODY_CHARACTERS_IN_RECORD) }) };
}

/** How far an exchange has come, in words that are the same for all that ended there. */
function stageOf(socket: Socket | null, response: http.IncomingMessage | undefined): string {
  if (response !== undefined) return `after status ${response.statusCode ?? 0}, before the end of the body`;
  if (socket === null || socket.connecting) return 'while connecting';
  if (socket instanceof TLSSocket && socket.getProtocol() === null) return 'during the TLS handshake';
  return 'before an answer';
}
