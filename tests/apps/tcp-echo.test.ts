import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createEcho } from '../../apps/tcp-echo/app.ts';
import { readSettings } from '../../apps/tcp-echo/settings.ts';
import { startApp } from './child.ts';
import { listen } from './servers.ts';

/** Sends the pieces, closes its half, and reads to the end. */
async function exchange(port: number, ...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  for (const piece of pieces) socket.write(piece);
  socket.end();
  return text(socket);
}

describe('tcp-echo', () => {
  test.each([
    ['one line', ['hello\n'], 'one hello\n'],
    ['several lines at once', ['a\nb\n\n'], 'one a\none b\none \n'],
    ['a line in pieces', ['he', 'llo', '\n'], 'one hello\n'],
    ['a letter in pieces', [Buffer.of(0xc3), Buffer.of(0xbc, 0x0a)], 'one ü\n'],
    ['a line without its end', ['hello'], ''],
    ['nothing', [], ''],
  ])('answers %s', async (_, pieces, answer) => {
    await using server = await listen(createEcho('one'));
    expect(await exchange(server.port, ...pieces)).toBe(answer);
  });

  test('answers while the connection stays open', async () => {
    await using server = await listen(createEcho('two'));
    const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
    for (const word of ['first', 'second']) {
      socket.write(`${word}\n`);
      expect(await once(socket, 'data')).toEqual([`two ${word}\n`]);
    }
    socket.destroy();
  });

  test('hangs up on a line that never ends', async () => {
    await using server = await listen(createEcho('one'));
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
    socket.write('x'.repeat(1024 * 1024));
    await new Promise((closed) => socket.once('close', closed));
  });

  test('as a process, takes its prefix from the environment', async () => {
    await using app = await startApp('tcp-echo', { PREFIX: 'two' });
    expect(await exchange(app.port, 'hello\n')).toBe('two hello\n');
  });

  test('on SIGTERM, closes what is open, takes nothing new, and ends with 0', async () => {
    await using app = await startApp('tcp-echo');
    const socket = connect(app.port, '127.0.0.1');
    socket.write('hello\n');
    await once(socket, 'data');
    app.terminate();
    await once(socket, 'close');
    await expect(app.exited).resolves.toBe(0);
    await expect(once(connect(app.port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  test('while it drains, it still answers new connections', async () => {
    await using app = await startApp('tcp-echo', { DRAIN_MILLIS: '60000' });
    app.terminate();
    // The signal is there before the connection is.
    expect(await exchange(app.port, 'late\n')).toBe('one late\n');
  });
});

describe("tcp-echo's settings", () => {
  test.each([
    ['nothing', [], {}, { ports: [9000, 9001], prefix: 'one' }],
    ['the environment', [], { PORTS: '1,2', PREFIX: 'two' }, { ports: [1, 2], prefix: 'two' }],
    [
      "the sample's arguments",
      ['9000,9001,9002', 'two'],
      { PREFIX: 'x' },
      { ports: [9000, 9001, 9002], prefix: 'two' },
    ],
  ])('from %s', (_, args, env, settings) => {
    expect(readSettings(args, env)).toEqual(settings);
  });

  test('refuse what is no port', () => {
    expect(() => readSettings(['9000,two'], {})).toThrow('"two" is none');
  });
});
