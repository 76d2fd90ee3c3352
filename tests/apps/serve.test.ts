import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startApp } from './child.ts';

describe('serve.ts', () => {
  test('on SIGTERM, what is in flight is finished, nothing new is taken, and the exit code is 0', async () => {
    await using app = await startApp('nodebook');
    // The warm-up makes sure that the slow request is at the app before the signal is: both go over one connection.
    const socket = connect(app.port, '127.0.0.1');
    socket.write('GET /version HTTP/1.1\r\nhost: nodebook\r\n\r\nGET /delay/300 HTTP/1.1\r\nhost: nodebook\r\n\r\n');
    await once(socket, 'data');
    app.terminate();
    const [late] = (await once(socket, 'data')) as [Buffer];
    expect(late.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nv3$/);
    await expect(app.exited).resolves.toBe(0);
    await expect(fetch(app.url)).rejects.toThrow('fetch failed');
  });

  test('while it drains, it still answers, and asks for the connection to be closed', async () => {
    await using app = await startApp('kubia', { DRAIN_MILLIS: '1000' });
    app.terminate();
    // The signal arrives when it arrives: asked until the answer shows it, well within the drain.
    let connection: string | null = 'keep-alive';
    while (connection !== 'close') {
      const answer = await fetch(app.url);
      expect(answer.status).toBe(200);
      connection = answer.headers.get('connection');
    }
    await expect(app.exited).resolves.toBe(0);
  });

  test('a connection that stays idle is not closed by the app', async () => {
    await using app = await startApp('kubia');
    const { headers } = await fetch(app.url);
    expect(headers.get('keep-alive')).toBeNull();
  });
});
