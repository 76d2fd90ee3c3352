import { once } from 'node:events';
import { request } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { expect, test } from 'vitest';
import { createOutside, createReception } from '../../apps/outside/app.ts';
import { GuestBook } from '../../apps/outside/guest-book.ts';
import { newAuthority } from '../../mesh/certificate/authority.ts';
import { forgetVisits, readVisits } from '../../mesh/outside/visits.ts';
import { loopback } from '../../mesh/prober/loopback.ts';

async function listening(server: Server): Promise<{ port: number } & AsyncDisposable> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close };
}

test('the book tells of each request: name in the handshake, host, source and headers; and forgets when told', async () => {
  const book = new GuestBook();
  const authority = await newAuthority('tests');
  const { certificate: cert, key } = await authority.issue('*.example.test');
  await using plain = await listening(createOutside(book));
  await using secure = await listening(createOutside(book, { cert, key }));
  await using reception = await listening(createReception(book));
  await using told = loopback(reception.port);

  const answer = await fetch(`http://127.0.0.1:${plain.port}/some?where`, {
    headers: { 'x-probe-id': 'run-1', connection: 'close' },
  });
  expect(await answer.text()).toBe('outside\n');
  const servername = 'outside-5f2c9a01.example.test';
  const asked = request({
    port: secure.port,
    host: '127.0.0.1',
    servername,
    ca: authority.certificate,
    headers: { host: servername },
    agent: false,
  }).end();
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  await once(response.resume(), 'end');

  const { connections, requests, each } = await readVisits(told);
  expect([connections, requests]).toEqual([2, 2]);
  expect(each[0]).toMatchObject({
    port: plain.port,
    protocol: 'http',
    serverName: '',
    method: 'GET',
    path: '/some?where',
  });
  expect(each[0]?.headers['x-probe-id']).toBe('run-1');
  expect(each[1]).toMatchObject({ protocol: 'https', serverName: servername, host: servername });
  expect(each[1]?.source).toMatch(/^127\.0\.0\.1:\d+$/);

  await forgetVisits(told);
  expect(await readVisits(told)).toEqual({ connections: 0, requests: 0, each: [] });
});

test('a connection that comes to nothing is counted', async () => {
  const book = new GuestBook();
  const { certificate: cert, key } = await (await newAuthority('tests')).issue('*.example.test');
  await using secure = await listening(createOutside(book, { cert, key }));
  const socket = connect(secure.port, '127.0.0.1');
  socket.end('not a handshake').on('error', () => undefined);
  await once(socket.resume(), 'close');
  expect(book.tell()).toEqual({ connections: { [secure.port]: 1 }, requests: 0, visits: [] });
});
