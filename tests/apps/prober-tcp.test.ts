import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { onlyOutcome, startProber } from './prober.ts';
import { listen, silentPort, tcpServer } from './servers.ts';

describe('a tcp target', () => {
  test('every request is a connection of its own, with the id as one line and one line back', async () => {
    await using prober = await startProber();
    let connections = 0;
    const echo = createServer((socket) => {
      connections += 1;
      socket.on('data', (line) => socket.write(`one ${line.toString()}`));
    });
    await using server = await listen(echo);
    const target = `tcp://127.0.0.1:${server.port}`;
    const pattern = '^(\\w+) ';
    const answer = await prober.send({
      target,
      count: 5,
      idPrefix: 'run',
      version: { pattern },
      records: true,
      bodies: true,
    });
    expect(answer.tally).toEqual([
      { outcome: { kind: 'answered', status: 200, version: 'one', server: '', detail: '' }, count: 5 },
    ]);
    expect(answer.records?.map(({ body }) => body)).toEqual([1, 2, 3, 4, 5].map((number) => `one run-${number}`));
    expect(connections).toBe(5);
  });

  test('a connection that is refused, closed, reset, or left without an answer says so', async () => {
    await using prober = await startProber();
    const refusal = async (port: number) =>
      onlyOutcome(prober, { target: `tcp://127.0.0.1:${port}`, count: 2, timeoutMillis: 200 });
    expect(await refusal(await silentPort())).toMatchObject({ reason: 'no-listener' });
    await using closing = await tcpServer((socket) => socket.end());
    expect(await refusal(closing.port)).toMatchObject({ kind: 'refused', reason: 'closed' });
    await using resetting = await tcpServer((socket) => socket.resetAndDestroy());
    expect(await refusal(resetting.port)).toMatchObject({ kind: 'refused', reason: 'reset' });
    await using silent = await tcpServer(() => undefined);
    expect(await refusal(silent.port)).toMatchObject({ kind: 'refused', reason: 'timeout' });
  });

  test.each([
    [{ target: 'tcp://127.0.0.1' }, /has a port and no path/],
    [{ target: 'tcp://127.0.0.1:9000/one' }, /has a port and no path/],
    [{ target: 'tcp://127.0.0.1:9000', headers: { host: 'a' } }, /headers are given for a tcp target/],
    [{ target: 'tcp://127.0.0.1:9000', tls: {} }, /tls is given/],
  ])('%o is misuse', async (request, words) => {
    await using prober = await startProber();
    const { status, text } = await prober.call('POST', '/send', { ...request, count: 1 });
    expect(status).toBe(400);
    expect(text).toMatch(words);
  });
});
