import type { Dispatcher } from 'undici';
import { HarnessError, messageOf } from '../errors.ts';
import { systemClock } from '../waiting/converge.ts';
import type { Credentials } from './credentials.ts';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  /** In lower case; they come before what the call would carry otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How often an API server may ask to be asked again, as kubectl lets it. */
const TURNS = 10;
const LONGEST_PAUSE = 5_000;

/** Plain HTTP to the API server, over connections that are kept. */
export class Rest {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Whatever the answer is, it is a value; only a server that cannot be reached throws. */
  async call(call: Call): Promise<Reply> {
    for (let turn = 1; ; turn += 1) {
      const { statusCode, headers, body } = await this.#request(call);
      const text = await body.text().catch(this.#failed(call));
      const later = Number(headers['retry-after'] ?? Number.NaN);
      if (statusCode !== 429 || !(later >= 0) || turn === TURNS) return { status: statusCode, text };
      // It has done nothing yet, and says when to come again: one that has just begun has its lists to read first.
      await systemClock.pause(Math.min(later * 1000, LONGEST_PAUSE));
    }
  }

  /** For whoever passes an answer on: its status, its headers, and its body as it comes. */
  pass(call: Call): Promise<Dispatcher.ResponseData> {
    return this.#request(call);
  }

  /**
   * What is answered, piece by piece as it comes, until the call's signal ends it.
   *
   * @throws HarnessError KUBE_REFUSED, KUBE_FORBIDDEN or KUBE_FAILED for an answer that is not a success
   */
  async stream(call: Call, doing: string, onText: (text: string) => void): Promise<void> {
    try {
      const { statusCode, body } = await this.#request(call);
      if (statusCode >= 400) throw refused(call, doing, { status: statusCode, text: await body.text() });
      const decoder = new TextDecoder();
      for await (const chunk of body) onText(decoder.decode(chunk as Buffer, { stream: true }));
    } catch (error) {
      if (call.signal?.aborted !== true) throw error;
    }
  }

  async #request(call: Call): Promise<Dispatcher.ResponseData> {
    const { method, path, query, body, contentType = 'application/json', signal } = call;
    const { server, agent } = this.#credentials;
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const url = new URL(server);
    const options: Dispatcher.RequestOptions = {
      origin: url.origin,
      path: `${url.pathname.replace(/\/$/, '')}${path}${search}`,
      method,
      headers: {
        ...(await this.#credentials.headers().catch(this.#failed(call))),
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': contentType }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    };
    return agent.request(options).catch(this.#failed(call));
  }

  #failed({ method, path }: Pick<Call, 'method' | 'path'>): (cause: unknown) => never {
    return (cause) => {
      throw unreachable(this.#credentials.server, `${method} ${path}`, cause);
    };
  }

  /** @throws HarnessError KUBE_REFUSED, KUBE_FORBIDDEN or KUBE_FAILED for an answer that is not a success */
  async json(call: Call, doing: string): Promise<unknown> {
    const reply = await this.call(call);
    if (reply.status >= 400) throw refused(call, doing, reply);
    return JSON.parse(reply.text) as unknown;
  }

  /** As `json`, but what is not there is undefined. */
  async jsonIfThere(call: Call, doing: string): Promise<unknown> {
    const reply = await this.call(call);
    if (reply.status === 404) return undefined;
    if (reply.status >= 400) throw refused(call, doing, reply);
    return JSON.parse(reply.text) as unknown;
  }

  /** For what is no JSON, a log for instance. */
  async text(call: Call, doing: string): Promise<string> {
    const reply = await this.call(call);
    if (reply.status >= 400) throw refused(call, doing, reply);
    return reply.text;
  }

  /** At once: whoever closes waits for no answer any more, and to let all requests end first was seen to take more than 15 s. */
  async close(): Promise<void> {
    await this.#credentials.agent.destroy();
  }
}

/** One of Istio's that answers, and wrongly. One that hangs up or cannot be reached has an istiod behind it that begins or is gone, and that has reasons of its own. */
const BROKEN_WEBHOOK = /failed calling webhook "[^"]*istio\.io": .*(?:x509: |an error on the server)/;

/** Whether words of the API server's say that a webhook of Istio's is broken. */
export const tellsOfBrokenWebhook = (words: string): boolean => BROKEN_WEBHOOK.test(words);

function refused({ method }: Call, doing: string, { status, text }: Reply): HarnessError {
  const words = wordsIn(text);
  const broken = status >= 500 && tellsOfBrokenWebhook(words);
  return new HarnessError({
    code: broken ? 'WEBHOOK_BROKEN' : codeFor(method, status),
    blame: broken ? 'red' : 'environment',
    doing,
    seen: `the API server answered ${status}: ${words}`,
    next: status === 401 || status === 403 ? 'give the context the rights to do this' : 'mend what the message names',
  });
}

/** Of what was written: a request that came too late, a conflict with somebody else's change, what is gone, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 410, 429]);

/** Only a refusal is about what was sent: rights and the server's own failures are not, and who only asks has sent nothing. One that starts may know nobody's rights yet. */
function codeFor(method: Call['method'], status: number): string {
  if (status === 401 || status === 403) return 'KUBE_FORBIDDEN';
  const sent = method === 'POST' || method === 'PATCH' || method === 'PUT';
  return sent && status < 500 && !PASSING.has(status) ? 'KUBE_REFUSED' : 'KUBE_FAILED';
}

/** The API server wraps its words in a Status object; a proxy on the way may not. In one line: Istio's webhook lists several errors below each other. */
function wordsIn(text: string): string {
  return messageIn(text).replaceAll(/\s+/g, ' ').trim();
}

function messageIn(text: string): string {
  try {
    const status = JSON.parse(text) as { message?: unknown };
    return typeof status.message === 'string' ? status.message : text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}

function unreachable(server: string, seen: string, cause: unknown): HarnessError {
  return new HarnessError({
    code: 'KUBE_UNREACHABLE',
    blame: 'environment',
    doing: `Speaking to the API server at ${server}`,
    seen: `${seen} failed: ${messageOf(cause)}`,
    next: 'see whether the cluster is still up: `npm run up` repairs or says what is wrong',
    cause,
  });
}
