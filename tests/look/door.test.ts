import { Client, request } from 'undici';
import { expect, test } from 'vitest';
import { openDoor } from '../../mesh/look/door.ts';
import { cluster } from '../kube/api-server.ts';
import type { Seen } from '../prober/local-http.ts';

const place = { namespace: 'istio-system', pod: 'zipkin-1', port: 9411, page: '/zipkin/' };
const root = '/api/v1/namespaces/istio-system/pods/zipkin-1:9411/proxy';

async function opened(answer: (seen: Seen) => { status: number; body: unknown }) {
  const api = await cluster(answer);
  const door = await openDoor(api.kube.rest, place);
  const dispose = async () => {
    await door[Symbol.asyncDispose]();
    await api[Symbol.asyncDispose]();
  };
  return { address: door.address, origin: new URL(door.address).origin, api, [Symbol.asyncDispose]: dispose };
}

test('a page is asked for at the pod, on a port of the loopback', async () => {
  await using door = await opened(() => ({ status: 200, body: 'traces' }));
  const { statusCode, body } = await request(`${door.address}?lookback=1h`);
  expect([statusCode, await body.text()]).toEqual([200, 'traces']);
  expect(door.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/zipkin\/$/);
  expect(door.api.server.seen.at(-1)?.path).toBe(`${root}/zipkin/?lookback=1h`);
});

test('what the page sends goes along, but not where it believes to be', async () => {
  await using door = await opened(() => ({ status: 202, body: '' }));
  const headers = { 'content-type': 'application/json', origin: door.origin, authorization: 'Bearer mine' };
  const { statusCode } = await request(`${door.origin}/api/v2/spans`, { method: 'POST', headers, body: '[1]' });
  expect(statusCode).toBe(202);
  const seen = door.api.server.seen.at(-1);
  expect(seen?.body).toBe('[1]');
  expect(seen?.headers['content-type']).toBe('application/json');
  expect(seen?.headers['origin']).toBeUndefined();
  expect(seen?.headers['authorization']).toBe('Bearer secret-word');
});

test('dots in an address do not lead out of the pod', async () => {
  await using door = await opened(() => ({ status: 200, body: '' }));
  const client = new Client(door.origin);
  for (const path of ['/../../../../secrets', '/%2e%2e/%2e%2e/secrets', '/a/..%2f..%2fsecrets']) {
    await (await client.request({ path, method: 'GET' })).body.dump();
    expect(door.api.server.seen.at(-1)?.path).toMatch(new RegExp(`^${root}/[^.]*`));
    expect(door.api.server.seen.at(-1)?.path).not.toMatch(/\.\.(\/|$)/);
  }
  await client.close();
});

test.each([
  ['origin', 'https://elsewhere.example'],
  ['sec-fetch-site', 'cross-site'],
])('a page from elsewhere is turned away by its %s, and nothing is asked', async (name, value) => {
  await using door = await opened(() => ({ status: 202, body: '' }));
  const { statusCode, body } = await request(door.origin, { method: 'POST', headers: { [name]: value }, body: 'x' });
  await body.dump();
  expect(statusCode).toBe(403);
  expect(door.api.server.seen).toEqual([]);
});

test('who calls it by another name is turned away, and nothing is asked', async () => {
  await using door = await opened(() => ({ status: 200, body: '' }));
  const { statusCode, body } = await request(door.origin, { headers: { host: 'elsewhere.example' } });
  await body.dump();
  expect(statusCode).toBe(421);
  expect(door.api.server.seen).toEqual([]);
});
