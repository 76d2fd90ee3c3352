import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startProber } from './prober.ts';
import { httpServer, silentPort } from './servers.ts';

describe('refused requests', () => {
  const target = 'http://127.0.0.1:1/';
  const rows: [body: unknown, error: string][] = [
    ['{"target":', 'The body is not JSON.'],
    [[], 'the request must be a JSON object, not [].'],
    [{ count: 1 }, 'target is missing.'],
    [{ target: 'reviews:9080', count: 1 }, 'target must be an http, https or tcp URL, not "reviews:9080".'],
    [{ target: 'http://a:b@c/', count: 1 }, 'target must not carry a user, a password or a #fragment.'],
    [{ target }, 'Neither count nor durationSeconds is given.'],
    [{ target, count: 1, durationSeconds: 1 }, 'Both count and durationSeconds are given.'],
    [{ target, cuont: 1 }, 'the request has no field cuont.'],
    [{ target, count: 0 }, 'count must be a number from 1 to 200000, not 0.'],
    [{ target, count: 1.5 }, 'count must be a whole number from 1 to 200000, not 1.5.'],
    [{ target, count: '5' }, 'count must be a number from 1 to 200000, not "5".'],
    [{ target, count: 200_001 }, 'count must be a number from 1 to 200000, not 200001.'],
    [{ target, durationSeconds: 121 }, 'durationSeconds must be a number above 0 and up to 120, not 121.'],
    [{ target, count: 1, concurrency: 513 }, 'concurrency must be a number from 1 to 512, not 513.'],
    [{ target, count: 1, rate: 0 }, 'rate must be a number above 0 and up to 20000, not 0.'],
    [{ target, count: 1, giveUpAfter: 0 }, 'giveUpAfter must be a number from 1 to 200000, not 0.'],
    [{ target, count: 1, budgetMillis: 0 }, 'budgetMillis must be a number from 1 to 600000, not 0.'],
    [{ target, count: 1, timeoutMillis: 0 }, 'timeoutMillis must be a number from 1 to 120000, not 0.'],
    [
      { target, count: 1, method: 'BREW' },
      'method must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, not "BREW".',
    ],
    [{ target, count: 1, connections: 'new' }, 'connections must be one of kept, fresh, not "new".'],
    [{ target, count: 1, idPrefix: 'a b' }, 'idPrefix must be up to 64 letters, digits, . _ -, not "a b".'],
    [{ target, count: 1, headers: { a: 1 } }, 'a must be a string, not 1.'],
    [{ target, count: 1, headers: { 'a b': 'c' } }, 'The header "a b" is not valid HTTP.'],
    [{ target, count: 1, headers: { Connection: 'close' } }, 'The header Connection cannot be set.'],
    [{ target, count: 1, headers: { 'x-probe-id': 'a' } }, 'The header x-probe-id cannot be set.'],
    [{ target, count: 1, connectTo: 'reviews:80' }, 'connectTo must be ip:port, not "reviews:80".'],
    [{ target, count: 1, connectTo: '10.0.0.1' }, 'connectTo must be ip:port, not "10.0.0.1".'],
    [{ target, count: 1, version: {} }, 'version must have either a pattern or a header.'],
    [{ target, count: 1, version: { patern: '(a)' } }, 'version has no field patern.'],
    [
      { target, count: 1, version: { pattern: 'v1' } },
      'version.pattern must be a regular expression with a group, of at most 200 characters.',
    ],
    [{ target, count: 1, tls: { insecure: true } }, 'tls is given for an http target.'],
    [{ target: 'https://a/', count: 1, tls: { ca: 'none' } }, 'ca must be a certificate in PEM.'],
    [{ target, count: 1, bodies: true }, 'bodies is asked for without records.'],
    [{ target, count: 20_001, records: true, bodies: true }, 'bodies can be kept for 20000 requests, not 20001.'],
    [{ target, count: 1, records: 'yes' }, 'records must be true or false, not "yes".'],
  ];

  test.each(rows)('%j: %s', async (body, error) => {
    await using prober = await startProber();
    const { status, json } = await prober.call('POST', '/send', body);
    expect(json).toEqual({ error, next: expect.stringMatching(/\.$/) as string });
    expect(status).toBe(400);
  });

  test('a run needs a limit, and may have two', async () => {
    await using prober = await startProber();
    const limits = { count: 1, durationSeconds: 1 };
    expect(await prober.call('POST', '/runs', { target })).toMatchObject({ status: 400 });
    expect(await prober.call('POST', '/runs', { target, ...limits })).toMatchObject({ status: 201 });
  });

  test('a body of more than a megabyte is refused', async () => {
    await using prober = await startProber();
    const answer = await prober.call('POST', '/send', { target, count: 1, body: 'x'.repeat(1024 * 1024) });
    expect(answer).toMatchObject({ status: 413, json: { error: 'The body is longer than 1048576 bytes.' } });
  });

  test.each([
    ['GET', '/send', 405, '/send does not take GET.'],
    ['GET', '/nowhere', 404, 'There is no /nowhere.'],
  ])('%s %s is %d', async (method, path, status, error) => {
    await using prober = await startProber();
    expect(await prober.call(method, path)).toMatchObject({ status, json: { error } });
  });

  test('healthz is ok', async () => {
    await using prober = await startProber();
    expect(await prober.call('GET', '/healthz')).toMatchObject({ status: 200, text: 'ok' });
  });
});

describe("the sidecar's Envoy admin", () => {
  test.each([
    'config_dump?resource=dynamic_listeners',
    'clusters?format=json',
    'stats?filter=overflow&usedonly',
    'stats/prometheus',
    'listeners',
    'server_info',
    'ready',
    'certs',
  ])('%s is relayed with its query', async (page) => {
    await using admin = await httpServer((request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`"${request.method ?? ''} ${request.url ?? ''}"`);
    });
    await using prober = await startProber(admin.url);
    expect(await prober.call('GET', `/envoy/${page}`)).toMatchObject({ status: 200, json: `GET /${page}` });
  });

  test.each([
    'POST /envoy/quitquitquit',
    'GET /envoy/quitquitquit',
    'POST /envoy/stats',
    'GET /envoy/stats/recentlookups',
    'GET /envoy/logging?level=debug',
    'GET /envoy/',
    'GET /envoy/%63onfig_dump',
    'GET /envoy/stats/../drain_listeners',
    'GET /envoy//stats',
  ])('%s is refused, and Envoy is not asked', async (line) => {
    await using admin = await httpServer((_, response) => response.end());
    await using prober = await startProber(admin.url);
    const [method = '', path = ''] = line.split(' ');
    const { status, json } = await prober.call(method, path);
    expect(json).toMatchObject({ error: expect.stringMatching(/ is not relayed to Envoy\.$/) as string });
    expect(status).toBe(403);
    expect(admin.requests).toEqual([]);
  });

  test("Envoy's own status is passed on", async () => {
    await using admin = await httpServer((_, response) => response.writeHead(503).end('INITIALIZING'));
    await using prober = await startProber(admin.url);
    expect(await prober.call('GET', '/envoy/ready')).toMatchObject({ status: 503, text: 'INITIALIZING' });
  });

  test('without a sidecar, the answer says so', async () => {
    const admin = `http://127.0.0.1:${await silentPort()}`;
    await using prober = await startProber(admin);
    const { status, json } = await prober.call('GET', '/envoy/stats');
    expect(status).toBe(502);
    expect(json).toMatchObject({ error: expect.stringContaining(`There is no Envoy admin at ${admin}`) as string });
  });

  test('a long answer arrives as it comes, not when it is whole', async () => {
    let finish = (): void => undefined;
    await using admin = await httpServer((_, response) => {
      response.write('first');
      finish = () => response.end(' last');
    });
    await using prober = await startProber(admin.url);
    const request = get(new URL('/envoy/config_dump', prober.url));
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(String(await once(answer, 'data'))).toBe('first');
    finish();
    expect(String(await once(answer, 'data'))).toBe(' last');
  });
});
