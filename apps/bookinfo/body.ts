import type { IncomingMessage } from 'node:http';

const LONGEST_BODY_BYTES = 64 * 1024;

/** The request's body, or undefined where it is longer than anything this app is meant to be sent. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A request that is refused in the middle must stay open for the answer that says so.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > LONGEST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
