import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { chooseSource, probeRegistries } from '../../mesh/source/choose.ts';
import { download } from '../../mesh/source/registry/download.ts';
import { quiet } from '../../mesh/say.ts';
import { httpServer } from '../apps/servers.ts';
import { proxyTo, withoutProxies } from '../fakes/proxy.ts';
import { scratch } from '../fakes/scratch.ts';

/** A name that only the proxy can resolve. */
const host = 'registry.invalid';

beforeEach(() => {
  withoutProxies();
  return () => void vi.unstubAllEnvs();
});

/** A server of files behind a proxy. */
async function behindProxy() {
  const sum = createHash('sha256').update('a program').digest('hex');
  const server = await httpServer(({ url = '' }, response) => {
    response.end(url.endsWith('.sha256sum') ? sum : 'a program');
  });
  const proxy = await proxyTo(server);
  const dispose = async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  return { server, proxy, [Symbol.asyncDispose]: dispose };
}

test('registries are asked through the proxy that the environment names', async () => {
  await using behind = await behindProxy();
  vi.stubEnv('HTTP_PROXY', behind.proxy.url);
  const url = `http://${host}/v2/`;
  expect(await probeRegistries([url])).toEqual([{ url, answers: true, detail: 'HTTP 200' }]);
  expect(behind.proxy.asked).toHaveLength(1);
  expect(behind.proxy.asked[0]).toContain(host);
});

test('and so are those that speak TLS, by a tunnel', async () => {
  await using behind = await behindProxy();
  vi.stubEnv('HTTPS_PROXY', behind.proxy.url);
  const [probe] = await probeRegistries([`https://${host}/v2/`]);
  // The server behind it speaks none.
  expect(probe).toMatchObject({ answers: false });
  expect(behind.proxy.asked).toEqual([`CONNECT ${host}:443`]);
});

test('what NO_PROXY names is asked directly', async () => {
  await using behind = await behindProxy();
  vi.stubEnv('HTTP_PROXY', behind.proxy.url);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  expect(await probeRegistries([behind.server.url])).toMatchObject([{ answers: true }]);
  expect([behind.proxy.asked, behind.server.requests.length]).toEqual([[], 1]);
});

test('files are fetched through it too', async () => {
  await using behind = await behindProxy();
  await using folder = await scratch();
  vi.stubEnv('http_proxy', behind.proxy.url);
  const url = `http://${host}/kind`;
  const to = folder.at('kind');
  await download({ what: 'kind 0.0.2', url, checksum: { url: `${url}.sha256sum` }, to });
  expect(await readFile(to, 'utf8')).toBe('a program');
  expect(behind.proxy.asked.length).toBeGreaterThan(0);
});

test('one run asks each registry once, whoever wants to know', async () => {
  await using server = await httpServer((_, response) => response.writeHead(401).end());
  await chooseSource({ images: 'auto' }, quiet, [server.url]);
  expect(await chooseSource({ images: 'auto' }, quiet, [server.url])).toMatchObject({ name: 'registry' });
  expect(server.requests).toHaveLength(1);
});
