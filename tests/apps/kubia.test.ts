import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { createKubia } from '../../apps/kubia/app.ts';
import { startApp } from './child.ts';
import { listen } from './servers.ts';

test.each(['v1', 'v2'])('kubia as a process greets as %s with its host name', async (version) => {
  await using app = await startApp('kubia', { VERSION: version });
  expect(await (await fetch(app.url)).text()).toBe(`You've hit ${version} ${hostname()}\n`);
});

test.each([
  ['/', "You've hit v1 kubia-server-0\n"],
  ['/any/path?at=all', "You've hit v1 kubia-server-0\n"],
  ['/healthz', 'ok'],
])('kubia answers %s', async (path, body) => {
  await using server = await listen(createKubia('v1', 'kubia-server-0'));
  const answer = await fetch(new URL(path, server.url));
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(body);
});
