import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { pipe, run } from '../../mesh/command.ts';
import { Interrupted, interruption } from '../../mesh/interruption.ts';
import { download } from '../../mesh/source/registry/download.ts';
import { listen } from '../apps/servers.ts';
import { scratch } from '../fakes/scratch.ts';

// The only test of its file: an interruption is for the whole process and for good.
test('an interruption ends downloads and commands that are at work, and nothing half-made stays', async () => {
  await using folder = await scratch();
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 1_000 }).write('0'.repeat(64));
  });
  await using listening = await listen(server);
  const to = folder.at('downloads', 'kind');
  const atWork = [
    download({ what: 'kind', url: listening.url, checksum: { url: listening.url }, to }),
    run('sleep', ['600'], { doing: 'Sleeping' }),
    run('sleep', ['600'], { doing: 'Sleeping aloud', onLine: () => undefined }),
    pipe(['sleep', '600'], ['cat'], { doing: 'Piping' }),
  ];
  const ended = Promise.allSettled(atWork);
  await once(server, 'request');
  interruption.interrupt('received SIGINT');
  expect(await ended).toEqual(atWork.map(() => ({ status: 'rejected', reason: new Interrupted('received SIGINT') })));
  expect(await readdir(folder.at('downloads'))).toEqual([]);
});
