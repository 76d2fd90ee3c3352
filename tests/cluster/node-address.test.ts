import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { reaches } from '../../mesh/cluster/node-address.ts';

// What a network without a way answers differs from machine to machine.
vi.mock('node:net', () => ({ connect: vi.fn() }));

const hasty = { within: 50, every: 20 };

/** Every connection ends like this from now on. */
function everyConnection(...ended: readonly [event: string, error?: object]): void {
  vi.mocked(connect).mockImplementation(() => {
    const socket = Object.assign(new EventEmitter(), { destroy: () => undefined });
    setImmediate(() => socket.emit(...(ended as [string])));
    return socket as unknown as Socket;
  });
}

test.each([
  ['where somebody listens', 'connect', undefined],
  ['where nobody listens', 'error', { code: 'ECONNREFUSED' }],
])('an address %s is reached', async (_, event, error) => {
  everyConnection(event, error);
  expect(await reaches('172.18.0.2:31567', hasty)).toBe(true);
  expect(connect).toHaveBeenLastCalledWith({ host: '172.18.0.2', port: 31567, timeout: 3000 });
});

test.each([
  ['that nothing comes back from', 'timeout', undefined],
  ['without a route', 'error', { code: 'EHOSTUNREACH' }],
  ['in another network', 'error', { code: 'ENETUNREACH' }],
])('an address %s is not', async (_, event, error) => {
  everyConnection(event, error);
  expect(await reaches('172.18.0.2:31567', hasty)).toBe(false);
});
