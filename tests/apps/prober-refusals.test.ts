import https from 'node:https';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { onlyOutcome, startProber } from './prober.ts';
import { selfSigned } from '../../mesh/certificate/self-signed.ts';
import { httpServer, listen, silentPort, tcpServer } from './servers.ts';

const rawAnswer = (length: number, body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${body}`;

describe('a refused request says why', () => {
  test('no-listener', async () => {
    await using prober = await startProber();
    const outcome = await onlyOutcome(prober, { target: `http://127.0.0.1:${await silentPort()}/`, count: 3 });
    expect(outcome).toEqual({ kind: 'refused', reason: 'no-listener', detail: 'ECONNREFUSED' });
  });

  test('dns', async () => {
    await using prober = await startProber();
    const outcome = await onlyOutcome(prober, { target: 'http://no-such-name.invalid/', count: 2 });
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'dns' });
  });

  const cuts: { what: string; react: (socket: Socket) => void; reason: string; detail: string }[] = [
    {
      what: 'a reset instead of an answer',
      react: (socket) => socket.resetAndDestroy(),
      reason: 'reset',
      detail: 'ECONNRESET before an answer',
    },
    {
      what: 'a close instead of an answer',
      react: (socket) => socket.end(),
      reason: 'closed',
      detail: 'before an answer',
    },
    {
      what: 'a close in the middle of the body',
      react: (socket) => socket.end(rawAnswer(10, 'half')),
      reason: 'closed',
      detail: 'after status 200, before the end of the body',
    },
    {
      what: 'no answer',
      react: () => undefined,
      reason: 'timeout',
      detail: 'before an answer',
    },
    {
      what: 'an answer without an end',
      react: (socket) => socket.write(rawAnswer(10, 'half')),
      reason: 'timeout',
      detail: 'after status 200, before the end of the body',
    },
    {
      what: 'something that is not HTTP',
      react: (socket) => socket.end('hello\r\n'),
      reason: 'other',
      detail: 'HPE_INVALID_CONSTANT',
    },
  ];

  test.each(cuts)('$reason: $what', async ({ react, reason, detail }) => {
    await using prober = await startProber();
    await using server = await tcpServer(react);
    const timeoutMillis = reason === 'timeout' ? 100 : 5_000;
    const outcome = await onlyOutcome(prober, { target: server.url, count: 3, timeoutMillis });
    expect(outcome).toEqual({ kind: 'refused', reason, detail });
  });

  test('a kept connection that dies under a request is reported, and the request is not sent again', async () => {
    await using prober = await startProber();
    await using server = await httpServer((request, response) => {
      if (server.requests.length === 2) request.socket.destroy();
      else response.end('v1');
    });
    const { tally } = await prober.send({ target: server.url, count: 3 });
    expect(tally).toEqual([
      { outcome: { kind: 'answered', status: 200, version: 'v1', server: '', detail: '' }, count: 2 },
      { outcome: { kind: 'refused', reason: 'closed', detail: 'before an answer' }, count: 1 },
    ]);
    expect(server.requests).toHaveLength(3);
  });
});

describe('tls', async () => {
  const { certificate: cert, key } = await selfSigned('shop.test');
  const certificate = { cert, key };
  const startShop = () => listen(https.createServer(certificate, (_, response) => response.end('v5')));

  test('a self-signed certificate is refused with its code', async () => {
    await using prober = await startProber();
    await using shop = await startShop();
    const outcome = await onlyOutcome(prober, { target: `https://127.0.0.1:${shop.port}/`, count: 2 });
    expect(outcome).toEqual({ kind: 'refused', reason: 'tls', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  test.each(['kept', 'fresh'] as const)('insecure accepts it, over %s connections', async (connections) => {
    await using prober = await startProber();
    await using shop = await startShop();
    const target = `https://127.0.0.1:${shop.port}/`;
    const outcome = await onlyOutcome(prober, { target, count: 2, connections, tls: { insecure: true } });
    expect(outcome).toMatchObject({ kind: 'answered', version: 'v5' });
  });

  test('its own authority and name accept it', async () => {
    await using prober = await startProber();
    await using shop = await startShop();
    const request = { target: 'https://shop.test/', connectTo: `127.0.0.1:${shop.port}`, count: 2 };
    const outcome = await onlyOutcome(prober, { ...request, tls: { ca: certificate.cert } });
    expect(outcome).toMatchObject({ kind: 'answered', version: 'v5' });
  });

  test('another name than the certificate bears is refused', async () => {
    await using prober = await startProber();
    await using shop = await startShop();
    const request = { target: 'https://shop.test/', connectTo: `127.0.0.1:${shop.port}`, count: 2 };
    const outcome = await onlyOutcome(prober, { ...request, tls: { ca: certificate.cert, serverName: 'other.test' } });
    expect(outcome).toEqual({ kind: 'refused', reason: 'tls', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('a server without TLS is refused', async () => {
    await using prober = await startProber();
    await using plain = await httpServer((_, response) => response.end('v1'));
    const outcome = await onlyOutcome(prober, { target: `https://127.0.0.1:${plain.port}/`, count: 2 });
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'tls' });
  });

  test('a reset after an accepted insecure certificate is a reset, not the certificate', async () => {
    await using prober = await startProber();
    const server = https.createServer(certificate, (request) => request.socket.destroy());
    await using shop = await listen(server);
    const target = `https://127.0.0.1:${shop.port}/`;
    const outcome = await onlyOutcome(prober, { target, count: 2, tls: { insecure: true } });
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'closed' });
  });
});
