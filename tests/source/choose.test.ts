import { describe, expect, test } from 'vitest';
import { quiet } from '../../mesh/say.ts';
import { chooseSource, probeRegistries } from '../../mesh/source/choose.ts';
import { httpServer, silentPort } from '../apps/servers.ts';
import { hearing } from '../fakes/hearing.ts';

const answering = (status: number) =>
  httpServer((_, response) => {
    response.writeHead(status).end('{}');
  });
const silent = async () => `http://127.0.0.1:${await silentPort()}/v2/`;

describe('probeRegistries', () => {
  test.each([
    [200, true],
    [301, true],
    [401, true],
    [403, false],
    [404, false],
    [407, false],
    [502, false],
  ])('HTTP %d counts as an answer of the registry: %s', async (status, answers) => {
    await using server = await answering(status);
    expect(await probeRegistries([server.url])).toEqual([{ url: server.url, answers, detail: `HTTP ${status}` }]);
  });

  test('nobody listening is no answer', async () => {
    const url = await silent();
    expect(await probeRegistries([url])).toEqual([{ url, answers: false, detail: 'ECONNREFUSED' }]);
  });

  test('a server that says nothing is given up on in time, and does not delay what is said of the others', async () => {
    await using hanging = await httpServer(() => undefined);
    await using good = await answering(401);
    expect(await probeRegistries([hanging.url, good.url], 100)).toEqual([
      { url: hanging.url, answers: false, detail: 'TimeoutError' },
      { url: good.url, answers: true, detail: 'HTTP 401' },
    ]);
  });

  test('an answer that is begun and never ended is one, and is not waited for', async () => {
    await using endless = await httpServer((_, response) => void response.writeHead(200).write('{'));
    expect(await probeRegistries([endless.url], 10_000)).toEqual([
      { url: endless.url, answers: true, detail: 'HTTP 200' },
    ]);
  });
});

describe('chooseSource', () => {
  test.each(['registry', 'packages'] as const)(
    '%s is taken where --images says so, and nobody is asked',
    async (name) => {
      await using server = await answering(200);
      const { say, notes } = hearing();
      expect(await chooseSource({ images: name }, say, [server.url])).toMatchObject({ name });
      expect(notes).toEqual([`image source ${name}: as --images says`]);
      expect(server.requests).toEqual([]);
    },
  );

  test.each(['registry', 'packages'] as const)(
    'a cluster that is there keeps its source, %s, and nobody is asked; --images chooses another',
    async (before) => {
      await using server = await answering(200);
      const { say, notes } = hearing();
      expect(await chooseSource({ images: 'auto', before }, say, [server.url])).toMatchObject({ name: before });
      expect(notes).toEqual([`image source ${before}: as for the cluster that is there`]);
      expect(server.requests).toEqual([]);
      expect(await chooseSource({ images: 'packages', before }, say)).toMatchObject({ name: 'packages' });
    },
  );

  test('where every registry answers, official images are taken', async () => {
    await using server = await answering(401);
    const { say, notes } = hearing();
    expect(await chooseSource({ images: 'auto' }, say, [server.url, server.url])).toMatchObject({ name: 'registry' });
    expect(notes).toEqual(['image source registry: every registry answers']);
  });

  test('where one does not, images are made here, and each silent registry is named with its reason', async () => {
    await using good = await answering(200);
    await using proxy = await answering(403);
    const url = await silent();
    const { say, notes } = hearing();
    expect(await chooseSource({ images: 'auto' }, say, [good.url, proxy.url, url])).toMatchObject({ name: 'packages' });
    const why = `127.0.0.1:${proxy.port}: HTTP 403; ${new URL(url).host}: ECONNREFUSED`;
    expect(notes).toEqual([`image source packages: image registries do not answer (${why})`]);
  });

  test('only the images that are made here come with an Envoy and a network of their own', async () => {
    const [made, official] = [
      await chooseSource({ images: 'packages' }, quiet),
      await chooseSource({ images: 'registry' }, quiet),
    ];
    expect([made.upstreamEnvoy, made.ownNetwork, official.upstreamEnvoy, official.ownNetwork]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
