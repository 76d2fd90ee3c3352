import type { IncomingMessage, ServerResponse } from 'node:http';
import { Misuse } from './misuse.ts';
import type { ApiError } from './protocol.ts';

const LONGEST_BODY_BYTES = 1024 * 1024;

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new Misuse('The body is not JSON.', 'Send a JSON object with a content-length.');
  }
}

export function replyJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/** Answers for an error. What is not a Misuse is a defect of the prober, and its stack belongs in the log. */
export function replyError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const misuse =
    error instanceof Misuse ? error : new Misuse(`The prober failed: ${String(error)}`, 'See its log.', 500);
  if (misuse !== error) console.error(error);
  const answer: ApiError = { error: misuse.message, next: misuse.next };
  replyJson(response, misuse.status, answer);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A request that is refused in the middle must stay open for the answer that says so.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_BODY_BYTES) {
      throw new Misuse(`The body is longer than ${LONGEST_BODY_BYTES} bytes.`, 'Send less.', 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
