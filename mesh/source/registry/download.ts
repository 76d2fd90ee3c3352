import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { request } from 'undici';
import { HarnessError, messageOf } from '../../errors.ts';
import { interruption } from '../../interruption.ts';
import { hashFile } from '../hash.ts';
import { outgoing } from '../outgoing.ts';
import { keep } from '../store.ts';
import { trust } from './trust.ts';

const LIMIT = 10 * 60_000;
const MOST_REDIRECTS = 5;

export interface Download {
  /** What it is, as an error would say it: "kind 0.33.0". */
  readonly what: string;
  readonly url: string;
  /** The file's SHA-256, or where the release itself publishes it; first word of the text. */
  readonly checksum: { readonly sha256: string } | { readonly url: string };
  /** Path in the cache. */
  readonly to: string;
}

/**
 * Fetches a program once, checked against its release's own checksum and against what was recorded when it was first used.
 *
 * @returns the path in the cache
 * @throws HarnessError CORRUPT_DOWNLOAD, DOWNLOAD_FAILED
 */
export async function download({ what, url, checksum, to }: Download): Promise<string> {
  return keep(to, async (halfMade) => {
    const expected = await sumOf(what, checksum);
    await fetchTo(what, url, halfMade);
    const seen = await hashFile(halfMade);
    if (seen !== expected) throw corrupt(what, expected, seen, 'url' in checksum);
    await trust(url, `sha256:${seen}`);
    await chmod(halfMade, 0o755);
  });
}

async function sumOf(what: string, checksum: Download['checksum']): Promise<string> {
  if ('sha256' in checksum) return checksum.sha256;
  return (await text(what, checksum.url)).trim().split(/\s+/)[0] ?? '';
}

async function fetchTo(what: string, url: string, path: string): Promise<void> {
  const body = await get(what, url);
  await pipeline(body, createWriteStream(path)).catch((error: unknown) => {
    throw cutOff(what, url, error);
  });
}

async function text(what: string, url: string): Promise<string> {
  const body = await get(what, url);
  return body.text().catch((error: unknown) => {
    throw cutOff(what, url, error);
  });
}

async function get(what: string, url: string, redirects = 0): ReturnType<typeof answer> {
  const { statusCode, headers, body } = await send(what, url);
  if (statusCode === 200) return answer(body);
  await body.dump();
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400 && typeof location === 'string' && redirects < MOST_REDIRECTS) {
    return get(what, new URL(location, url).href, redirects + 1);
  }
  throw failed(what, url, `HTTP ${statusCode}`);
}

type Body = Awaited<ReturnType<typeof request>>['body'];
const answer = (body: Body): Promise<Body> => Promise.resolve(body);

async function send(what: string, url: string): ReturnType<typeof request> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(LIMIT), interruption.signal]);
    return await request(url, { signal, dispatcher: outgoing() });
  } catch (error) {
    throw cutOff(what, url, error);
  }
}

/** What ended a connection early: the user, or the network. */
function cutOff(what: string, url: string, error: unknown): unknown {
  if (interruption.signal.aborted) return interruption.signal.reason;
  return failed(what, url, messageOf(error), error);
}

function failed(what: string, url: string, seen: string, cause?: unknown): HarnessError {
  return new HarnessError({
    code: 'DOWNLOAD_FAILED',
    blame: 'environment',
    doing: `Fetching ${what}`,
    expected: `a file at ${url}`,
    seen,
    next: 'check the network, or build it here instead: --images packages',
    cause,
  });
}

function corrupt(what: string, expected: string, seen: string, published: boolean): HarnessError {
  return new HarnessError({
    code: 'CORRUPT_DOWNLOAD',
    blame: 'environment',
    doing: `Checking ${what}`,
    expected: `SHA-256 ${expected}, as ${published ? 'its release publishes it' : 'versions.json pins it'}`,
    seen: `SHA-256 ${seen}`,
    next: 'run this again; if it stays so, something on the way changes files',
  });
}
