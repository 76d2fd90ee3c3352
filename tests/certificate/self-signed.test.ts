import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { selfSigned } from '../../mesh/certificate/self-signed.ts';

const host = 'nodebook.example.com';
const { certificate, key } = await selfSigned(host);
const read = new X509Certificate(certificate);

test('it is for its host, for now, and vouches for itself', () => {
  expect(read.subject).toBe(`CN=${host}`);
  expect(read.checkHost(host)).toBe(host);
  expect(read.checkHost('elsewhere.example.com')).toBeUndefined();
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.validFromDate.getTime()).toBeLessThan(Date.now());
  expect(read.validToDate.getTime()).toBeGreaterThan(Date.now());
});

test('two of them are strangers', async () => {
  const other = new X509Certificate((await selfSigned(host)).certificate);
  expect(other.serialNumber).not.toBe(read.serialNumber);
  expect(other.verify(read.publicKey)).toBe(false);
});

test('a client that trusts it alone accepts its server and no other', async () => {
  const server = createServer({ cert: certificate, key }, (socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const shake = async (ca: string) => {
    const socket = connect({ port, host: '127.0.0.1', ca, servername: host });
    socket.resume();
    await once(socket, 'secureConnect');
    socket.destroy();
  };
  await shake(certificate);
  await expect(shake((await selfSigned(host)).certificate)).rejects.toThrow();
  server.close();
});
