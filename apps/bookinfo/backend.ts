import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface BackendAnswer {
  /** 500 where there was no answer that could be read, as in the sample. */
  status: number;
  /** The parsed JSON of a 200. */
  body?: unknown;
}

/** Asks once, and gives up when the whole answer is not there within the limit. Never throws. */
export async function askBackend(
  url: string,
  headers: Record<string, string>,
  limitMillis: number,
): Promise<BackendAnswer> {
  try {
    const answer = await exchange(url, headers, limitMillis);
    if (answer.status !== 200) console.error(`GET ${url}: status ${answer.status}`);
    return answer;
  } catch (error) {
    console.error(`GET ${url}: ${reasonOf(error, limitMillis)}`);
    return { status: 500 };
  }
}

async function exchange(url: string, headers: Record<string, string>, limitMillis: number): Promise<BackendAnswer> {
  // A connection of its own for each request, as in the sample: where no proxy spreads requests, the Service spreads
  // connections, and no kept connection can be closed by the other side just as it is used.
  const request = get(url, {
    headers: { accept: 'application/json', ...headers },
    agent: false,
    signal: AbortSignal.timeout(limitMillis),
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  // What goes wrong after the answer's head is thrown by reading its body.
  request.on('error', () => undefined);
  const [response] = await answered;
  const body = await text(response);
  const status = response.statusCode ?? 500;
  return status === 200 ? { status, body: JSON.parse(body) as unknown } : { status };
}

function reasonOf(error: unknown, limitMillis: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${limitMillis} ms`;
  return error.message;
}
