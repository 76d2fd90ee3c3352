import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { download } from '../../mesh/source/registry/download.ts';
import { httpServer, silentPort } from '../apps/servers.ts';
import { scratch } from '../fakes/scratch.ts';

type Answer = (response: ServerResponse) => void;

const file = 'a program';
const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');
const published: Answer = (response) => response.end(`${sumOf(file)}  kind-linux-amd64\n`);
const whole: Answer = (response) => response.end(file);
const redirect =
  (location: string): Answer =>
  (response) =>
    response.writeHead(302, { location }).end();
const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end('no');
const cutOff: Answer = (response) => {
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('the first of', () => response.destroy());
};

async function release(answers: Readonly<Record<string, Answer>>) {
  const server = await httpServer(({ url = '' }, response) => {
    (answers[url] ?? status(404))(response);
  });
  const folder = await scratch();
  const url = `${server.url}kind`;
  const to = folder.at('downloads', 'kind');
  return {
    url,
    to,
    answers,
    requests: server.requests,
    fetch: (name = 'kind') =>
      download({ what: 'kind 0.0.1', url, checksum: { url: `${url}.sha256sum` }, to: folder.at('downloads', name) }),
    left: () => readdir(folder.at('downloads')),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('download', () => {
  test('a file with the published checksum is kept whole, and can be run', async () => {
    await using good = await release({ '/kind': whole, '/kind.sha256sum': published });
    expect(await good.fetch()).toBe(good.to);
    expect(await readFile(good.to, 'utf8')).toBe(file);
    expect((await stat(good.to)).mode & 0o777).toBe(0o755);
    expect(await good.left()).toEqual(['kind']);
  });

  test('what is there is not fetched again', async () => {
    await using good = await release({ '/kind': whole, '/kind.sha256sum': published });
    await good.fetch();
    await good.fetch();
    expect(good.requests).toHaveLength(2);
  });

  test('redirects are followed, to relative addresses too', async () => {
    await using moved = await release({
      '/kind': redirect('/elsewhere'),
      '/elsewhere': redirect('here'),
      '/here': whole,
      '/kind.sha256sum': published,
    });
    await moved.fetch();
    expect(await readFile(moved.to, 'utf8')).toBe(file);
  });

  test('another content than the published one is refused, and nothing of it stays', async () => {
    await using bad = await release({
      '/kind': (response) => response.end('something else'),
      '/kind.sha256sum': published,
    });
    await expect(bad.fetch()).rejects.toThrow(
      expect.objectContaining({
        code: 'CORRUPT_DOWNLOAD',
        message: [
          `Checking kind 0.0.1: SHA-256 ${sumOf('something else')} [CORRUPT_DOWNLOAD]`,
          `  expected: SHA-256 ${sumOf(file)}, as its release publishes it`,
          '  what to do: run this again; if it stays so, something on the way changes files',
        ].join('\n'),
      }),
    );
    expect(await bad.left()).toEqual([]);
  });

  test('a release whose content and checksum both changed since the first use is refused', async () => {
    const answers: Record<string, Answer> = { '/kind': whole, '/kind.sha256sum': published };
    await using moved = await release(answers);
    await moved.fetch();
    answers['/kind'] = (response) => response.end('new');
    answers['/kind.sha256sum'] = (response) => response.end(sumOf('new'));
    await expect(moved.fetch('kind-again')).rejects.toThrow(expect.objectContaining({ code: 'DIGEST_CHANGED' }));
    expect(await moved.left()).toEqual(['kind']);
  });

  test.each([
    ['a file that is not there', { '/kind.sha256sum': published }, 'HTTP 404'],
    ['a checksum that is not there', { '/kind': whole }, 'HTTP 404'],
    ['a redirect in a circle', { '/kind.sha256sum': published, '/kind': redirect('/kind') }, 'HTTP 302'],
    ['a body that is cut off', { '/kind.sha256sum': published, '/kind': cutOff }, ''],
    ['a checksum that is cut off', { '/kind.sha256sum': cutOff, '/kind': whole }, ''],
  ] as const)('%s fails as a download, and leaves nothing', async (_, answers, seen) => {
    await using broken = await release(answers);
    await expect(broken.fetch()).rejects.toThrow(
      expect.objectContaining({
        code: 'DOWNLOAD_FAILED',
        blame: 'environment',
        message: expect.stringContaining(`Fetching kind 0.0.1: ${seen}`) as string,
      }),
    );
    expect(await broken.left()).toEqual([]);
  });

  test('a server that refuses the connection fails as a download that names the address', async () => {
    await using folder = await scratch();
    const url = `http://127.0.0.1:${await silentPort()}/kind`;
    const to = folder.at('kind');
    await expect(download({ what: 'kind 0.0.1', url, checksum: { url: `${url}.sha256sum` }, to })).rejects.toThrow(
      new RegExp(
        `^Fetching kind 0\\.0\\.1: .*ECONNREFUSED.* \\[DOWNLOAD_FAILED\\]\n {2}expected: a file at ${url}\\.sha256sum\n`,
      ),
    );
    expect(existsSync(to)).toBe(false);
  });
});
