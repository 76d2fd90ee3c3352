import { describe, expect, test } from 'vitest';
import type { VersionSource } from '../../apps/prober/protocol.ts';
import { onlyOutcome, startProber } from './prober.ts';
import { httpServer } from './servers.ts';

describe('version', () => {
  const rows: { body: string; version?: VersionSource; expected: string }[] = [
    { body: 'v3', expected: 'v3' },
    { body: ' v12\n', expected: 'v12' },
    { body: "You've hit v1 kubia-server-7b8d\n", expected: 'v1' },
    { body: 'env2 x', expected: '' },
    { body: 'nothing', expected: '' },
    { body: 'color="red" v2', version: { pattern: 'color="(\\w+)"' }, expected: 'red' },
    { body: 'v2', version: { pattern: 'color="(\\w+)"' }, expected: '' },
    { body: 'v2', version: { header: 'X-Version' }, expected: 'v9' },
    { body: 'v2', version: { header: 'X-Other' }, expected: '' },
  ];

  test.each(rows)('of $body by $version is "$expected"', async ({ body, version, expected }) => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.setHeader('x-version', 'v9').end(body));
    const outcome = await onlyOutcome(prober, { target: server.url, count: 1, ...(version && { version }) });
    expect(outcome).toEqual({ kind: 'answered', status: 200, version: expected, server: '', detail: '' });
  });
});

describe('outcomes that were answered', () => {
  test('an error carries its server and its reason on one line of 160 characters', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => {
      response.writeHead(503, { server: 'envoy' }).end(`no healthy\n  upstream ${'x y '.repeat(100)}`);
    });
    const outcome = await onlyOutcome(prober, { target: server.url, count: 1 });
    const detail = `no healthy upstream ${'x y '.repeat(35)}`;
    expect(outcome).toEqual({ kind: 'answered', status: 503, version: '', server: 'envoy', detail });
  });

  test('are one row although their details differ by ids, addresses and times', async () => {
    await using prober = await startProber();
    await using server = await httpServer((request, response) => {
      const n = server.requests.length;
      const uuid = `0f8fad5b-d9cb-469f-a165-70867728950${n}`;
      const id = String(request.headers['x-probe-id']);
      response.writeHead(500).end(`${id} ${uuid} at 10.0.0.${n}:80, 2026-11-20T10:00:0${n}Z, after ${n}.5 ms`);
    });
    const outcome = await onlyOutcome(prober, { target: server.url, count: 5 });
    expect(outcome).toMatchObject({ detail: '<id> <uuid> at <address>, <time>, after <n> ms' });
  });

  test('are tallied with the most frequent first', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end(server.requests.length < 4 ? 'v1' : 'v2'));
    const { tally } = await prober.send({ target: server.url, count: 10 });
    const rows = tally.map(({ outcome, count }) => [outcome.kind === 'answered' ? outcome.version : '', count]);
    expect(rows).toEqual([
      ['v2', 7],
      ['v1', 3],
    ]);
  });

  test('a body of a megabyte is read to its end', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end(`v7 ${'x'.repeat(1024 * 1024)}`));
    expect(await onlyOutcome(prober, { target: server.url, count: 3 })).toMatchObject({ version: 'v7' });
    expect(server.connections()).toBe(1);
  });
});

describe('records', () => {
  test('tell id, times, outcome, selected headers and a cut body, in the order of sending', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => {
      const headers = { server: 'envoy', 'x-envoy-upstream-service-time': '3', 'x-unselected': '1' };
      response.writeHead(200, headers).end('y'.repeat(3_000));
    });
    const request = { target: server.url, count: 20, concurrency: 4, idPrefix: 'r', records: true, bodies: true };
    const { records, recordsDropped } = await prober.send(request);
    expect(recordsDropped).toBe(0);
    expect(records?.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => `r-${n + 1}`));
    expect(records?.[0]).toEqual({
      id: 'r-1',
      atMillis: expect.any(Number) as number,
      millis: expect.any(Number) as number,
      outcome: { kind: 'answered', status: 200, version: '', server: 'envoy', detail: '' },
      headers: { server: 'envoy', 'x-envoy-upstream-service-time': '3' },
      body: 'y'.repeat(2_000),
    });
  });

  test('are absent unless asked for, and have no body unless asked for', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const plain = await prober.send({ target: server.url, count: 1 });
    const recorded = await prober.send({ target: server.url, count: 1, records: true });
    expect(plain).not.toHaveProperty('records');
    expect(recorded.records?.[0]).not.toHaveProperty('body');
  });
});
