import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SendAnswer } from '../../apps/prober/protocol.ts';
import { onlyOutcome, startProber } from './prober.ts';
import { httpServer } from './servers.ts';

const inTally = (answer: SendAnswer) => answer.tally.reduce((sum, { count }) => sum + count, 0);

describe('count', () => {
  test('1200 are sent exactly 1200 times, each with its own id, over at most 16 connections', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const answer = await prober.send({ target: server.url, count: 1200, concurrency: 16, idPrefix: 'c' });
    expect(answer).toMatchObject({ sent: 1200, endedBy: 'count', behindMillis: 0 });
    expect(inTally(answer)).toBe(1200);
    expect(new Set(server.requests.map(({ id }) => id))).toEqual(
      new Set(Array.from({ length: 1200 }, (_, n) => `c-${n + 1}`)),
    );
    expect(server.requests).toHaveLength(1200);
    expect(server.connections()).toBeLessThanOrEqual(16);
  });

  test('one worker keeps one connection', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    await prober.send({ target: server.url, count: 50 });
    expect(server.connections()).toBe(1);
  });

  test('fresh connections are as many as the requests, and say that they will be closed', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    await prober.send({ target: server.url, count: 50, concurrency: 4, connections: 'fresh' });
    expect(server.connections()).toBe(50);
    expect(new Set(server.requests.map(({ request }) => request.headers.connection))).toEqual(new Set(['close']));
  });
});

describe('giving up', () => {
  const hanging = { concurrency: 4, timeoutMillis: 100, giveUpAfter: 4 };

  test('nothing more is sent when so many had no answer, and what was sent is accounted for', async () => {
    await using prober = await startProber();
    await using server = await httpServer(() => undefined);
    const answer = await prober.send({ target: server.url, count: 1000, ...hanging });
    expect(answer.endedBy).toBe('silence');
    expect(answer.sent).toBe(server.requests.length);
    expect(answer.sent).toBeGreaterThanOrEqual(4);
    expect(answer.sent).toBeLessThanOrEqual(8);
    expect(inTally(answer)).toBe(answer.sent);
    expect(answer.tally.map(({ outcome }) => outcome)).toMatchObject([{ kind: 'refused', reason: 'timeout' }]);
  });

  test('nothing more is sent when the time for all of it is over', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => {
      setTimeout(() => response.end('v1'), 50);
    });
    const answer = await prober.send({ target: server.url, count: 1000, concurrency: 2, budgetMillis: 200 });
    expect(answer.endedBy).toBe('budget');
    expect(answer.sent).toBe(server.requests.length);
    expect(answer.sent).toBeLessThan(1000);
    expect(inTally(answer)).toBe(answer.sent);
  });

  test('one fewer without an answer, or refused in any other way, is no reason', async () => {
    await using prober = await startProber();
    let silent = 3;
    await using server = await httpServer((_, response) => {
      if (silent > 0) silent -= 1;
      else response.destroy();
    });
    const answer = await prober.send({ target: server.url, count: 30, ...hanging });
    expect(answer).toMatchObject({ sent: 30, endedBy: 'count' });
  });
});

describe('rate and duration', () => {
  test('requests leave evenly, none before it is due', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const answer = await prober.send({ target: server.url, count: 40, rate: 200, records: true });
    const early = answer.records?.filter(({ atMillis }, n) => atMillis < n * 5);
    expect(early).toEqual([]);
    expect(answer.seconds).toBeGreaterThanOrEqual(0.194);
  });

  test('with a rate, a duration is an exact number of requests', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const answer = await prober.send({ target: server.url, durationSeconds: 0.3, rate: 100 });
    expect(answer).toMatchObject({ sent: 30, endedBy: 'duration' });
    expect(server.requests).toHaveLength(30);
  });

  test('a rate is kept although no answer comes before the last request is there', async () => {
    await using prober = await startProber();
    const waiting: ServerResponse[] = [];
    await using server = await httpServer((_, response) => {
      waiting.push(response);
      if (waiting.length === 10) for (const each of waiting) each.end('v1');
    });
    const outcome = await onlyOutcome(prober, { target: server.url, count: 10, rate: 500, timeoutMillis: 5000 });
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
    expect(server.connections()).toBe(10);
  });

  test('a duration without a rate ends in time, and every request is accounted for', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const answer = await prober.send({ target: server.url, durationSeconds: 0.2, concurrency: 3 });
    expect(answer.endedBy).toBe('duration');
    expect(answer.sent).toBe(server.requests.length);
    expect(inTally(answer)).toBe(answer.sent);
  });

  test('a caller that hangs up ends the sending', async () => {
    await using prober = await startProber();
    const caller = new AbortController();
    await using server = await httpServer((_, response) => {
      response.end('v1');
      if (server.requests.length === 5) caller.abort();
    });
    const body = JSON.stringify({ target: server.url, count: 200_000 });
    const { signal } = caller;
    await expect(fetch(new URL('/send', prober.url), { method: 'POST', body, signal })).rejects.toThrow('aborted');
    // The server's own close waits for nothing: had the prober gone on, the next line would see thousands.
    await prober.send({ target: server.url, count: 1, idPrefix: 'last' });
    expect(server.requests.length).toBeLessThan(5_000);
  });
});

describe('what is sent', () => {
  test('method, headers, Host and body as told', async () => {
    await using prober = await startProber();
    const bodies: string[] = [];
    await using server = await httpServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end('v1'));
    });
    const headers = { Host: 'reviews.test', 'App-Ver': 'v3' };
    await prober.send({ target: `${server.url}a?b=c`, method: 'POST', headers, body: 'grüße', count: 1 });
    const [sent] = server.requests;
    expect(sent?.request).toMatchObject({
      method: 'POST',
      url: '/a?b=c',
      headers: { host: 'reviews.test', 'app-ver': 'v3', 'content-length': '7' },
    });
    expect(bodies).toEqual(['grüße']);
  });

  test('connectTo changes the address that is dialled, and nothing else', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    const connectTo = `127.0.0.1:${server.port}`;
    await prober.send({ target: 'http://shop.invalid:8080/', connectTo, count: 1 });
    expect(server.requests[0]?.request.headers.host).toBe('shop.invalid:8080');
  });

  test('a random prefix is one for all requests of a send', async () => {
    await using prober = await startProber();
    await using server = await httpServer((_, response) => response.end('v1'));
    await prober.send({ target: server.url, count: 3 });
    expect(new Set(server.requests.map(({ id }) => id.replace(/-\d+$/, ''))).size).toBe(1);
  });
});
