import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../apps/nodebook/app.ts';
import { Ledger } from '../../apps/common/ledger.ts';
import { startApp } from './child.ts';
import { listen } from './servers.ts';

async function startNodebook(version = 'v3') {
  const listening = await listen(createServer(createApp(version).callback()));
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, listening.url), { headers });
  const text = async (path: string) => (await ask(path)).text();
  return { ...listening, ask, text };
}

describe('nodebook', () => {
  test.each(['v3', 'v4'])('as a process, tells the version of its environment: %s', async (version) => {
    await using app = await startApp('nodebook', { VERSION: version });
    const answer = await fetch(new URL('/version', app.url));
    expect(await answer.text()).toBe(version);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test.each(['/version', '/total', '/delay/1', '/delay/abc', '/status/503', '/seen', '/healthz', '/nowhere'])(
    'answers %s with x-response-time',
    async (path) => {
      await using nodebook = await startNodebook();
      expect((await nodebook.ask(path)).headers.get('x-response-time')).toMatch(/^\d+ms$/);
    },
  );

  test('counts what it serves, but neither questions about itself nor probes', async () => {
    await using nodebook = await startNodebook();
    for (const path of ['/version', '/delay/0', '/status/500', '/total', '/seen', '/healthz']) await nodebook.ask(path);
    await nodebook.ask('/version', { 'user-agent': 'kube-probe/1.36' });
    expect(await nodebook.text('/total')).toBe('3');
  });

  test('does not count an answer that nobody waited for, but has seen the request', async () => {
    const ledger = new Ledger();
    const server = createServer(createApp('v3', ledger).callback());
    await using listening = await listen(server);
    const request = get(new URL('/delay/150', listening.url), { headers: { 'x-probe-id': 'gone-1' } });
    request.on('error', () => undefined);
    await once(server, 'request');
    request.destroy();
    // A later and longer delay ends after the abandoned one.
    await fetch(new URL('/delay/200', listening.url));
    expect(ledger.total).toBe(1);
    expect(ledger.seen('gone').ids).toEqual({ 'gone-1': { count: 1, attempts: [] } });
  });

  test('waits before it answers', async () => {
    await using nodebook = await startNodebook('v4');
    const start = performance.now();
    expect(await nodebook.text('/delay/50')).toBe('v4');
    expect(performance.now() - start).toBeGreaterThanOrEqual(49);
  });

  test.each(['/delay/abc', '/delay/', '/delay/-1', '/delay/1.5', '/delay/60001', '/status/199', '/status/x'])(
    'refuses %s with 400',
    async (path) => {
      await using nodebook = await startNodebook();
      expect((await nodebook.ask(path)).status).toBe(400);
    },
  );

  test.each([200, 204, 429, 503, 599])('answers /status/%d with that status', async (status) => {
    await using nodebook = await startNodebook();
    expect((await nodebook.ask(`/status/${status}`)).status).toBe(status);
  });

  test('tells which ids it has seen, with each try of Envoy', async () => {
    await using nodebook = await startNodebook();
    await nodebook.ask('/status/503', { 'x-probe-id': 'a-1', 'x-envoy-attempt-count': '1' });
    await nodebook.ask('/version', { 'x-probe-id': 'a-1', 'x-envoy-attempt-count': '2' });
    await nodebook.ask('/version', { 'x-probe-id': 'b-1' });
    await nodebook.ask('/healthz', { 'x-probe-id': 'c-1' });
    const a = { count: 2, attempts: [1, 2] };
    const b = { count: 1, attempts: [] };
    expect(await (await nodebook.ask('/seen')).json()).toEqual({ ids: { 'a-1': a, 'b-1': b }, forgotten: 0 });
    expect(await (await nodebook.ask('/seen?prefix=a-')).json()).toEqual({ ids: { 'a-1': a }, forgotten: 0 });
  });

  test('forgets the ids that were seen longest ago, and says how many', () => {
    const ledger = new Ledger(2);
    for (const id of ['a', 'b', 'a', 'c']) ledger.arrive(id, '');
    expect(ledger.seen('')).toEqual({
      ids: { a: { count: 2, attempts: [] }, c: { count: 1, attempts: [] } },
      forgotten: 1,
    });
  });
});
