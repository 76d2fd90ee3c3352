import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { createWeb } from '../../apps/web/app.ts';
import { startApp } from './child.ts';
import { listen } from './servers.ts';

test.each(['tomcat', 'httpd'])('web as a process greets as %s with its host name', async (name) => {
  await using app = await startApp('web', { NAME: name });
  expect(await (await fetch(app.url)).text()).toBe(`hello ${name} v1 from ${hostname()}\n`);
});

test.each([
  ['/', 'hello tomcat v2 from tomcat-0\n'],
  ['/premium/any?at=all', 'hello tomcat v2 from tomcat-0\n'],
  ['/healthz', 'ok'],
])('web answers %s', async (path, body) => {
  await using server = await listen(createWeb({ name: 'tomcat', version: 'v2', hostname: 'tomcat-0' }));
  const answer = await fetch(new URL(path, server.url));
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(body);
});
