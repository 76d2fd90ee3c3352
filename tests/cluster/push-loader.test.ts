import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { PushLoader } from '../../mesh/cluster/push-loader.ts';
import { releaseOf } from '../../mesh/istio/installed.ts';
import { quiet } from '../../mesh/say.ts';
import { dockerInfo } from '../fakes/docker-info.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const registry = 'registry.example.com:5000/team';
const info = JSON.stringify(dockerInfo);

/** A docker that says these words of every pull and push, and fails if there are any. */
async function docker({ pull = '', push = '' }: { readonly pull?: string; readonly push?: string }) {
  const folder = await scratch();
  const answer = (words: string) => (words === '' ? ':' : `echo '${words.replaceAll("'", `'\\''`)}' >&2; exit 1`);
  await program(folder, 'docker', [
    `echo "$*" >> ${folder.at('calls')}`,
    'case "$1" in',
    `  info) echo '${info}' ;;`,
    `  pull) ${answer(pull)} ;;`,
    `  push) ${answer(push)} ;;`,
    'esac',
  ]);
  const path = firstOnPath(folder);
  return {
    calls: async () => (await readFile(folder.at('calls'), 'utf8')).trimEnd().split('\n'),
    [Symbol.asyncDispose]: async () => {
      path[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const loader = new PushLoader(registry);
const kubia = { reference: 'istio-e2e/kubia:abc', name: loader.nameFor('istio-e2e/kubia:abc') };
const headAnd = (words: string) => `Error response from daemon: Get "https://registry.example.com:5000/v2/": ${words}`;

test('an image keeps its name and the hash of its content below the path', () => {
  expect(kubia.name).toBe('registry.example.com:5000/team/kubia:abc');
});

test('each is tagged, pushed, and loses that tag again', async () => {
  await using engine = await docker({});
  await loader.load([kubia], quiet);
  expect(await engine.calls()).toEqual([
    `tag istio-e2e/kubia:abc ${kubia.name}`,
    `push ${kubia.name}`,
    `image rm --no-prune ${kubia.name}`,
  ]);
});

describe('the images of Istio', () => {
  const image = (name: string) => ({ reference: `istio-e2e/${name}:1`, name: `localhost/istio-e2e/${name}:1.31.1` });
  const made = {
    pilot: image('pilot'),
    proxy: image('proxyv2'),
    hub: 'localhost/istio-e2e',
    tag: '1.31.1',
    made: true,
  };

  test('that are made here stand under one hub and a tag for their content, which is still read as the release', () => {
    const { pilot, proxy, hub, tag } = loader.istio(made);
    expect(tag).toMatch(/^1\.31\.1-[0-9a-f]{12}$/);
    expect([pilot.name, proxy.name, hub]).toEqual([`${registry}/pilot:${tag}`, `${registry}/proxyv2:${tag}`, registry]);
    expect(releaseOf(pilot.name)).toBe('1.31.1');
    expect(loader.istio({ ...made, pilot: { ...made.pilot, reference: 'istio-e2e/pilot:2' } }).tag).not.toBe(tag);
  });

  test('that are official stay where they are, and are not pushed there', async () => {
    const named = (name: string) => ({ reference: name, name });
    const hub = 'registry.istio.io/release';
    const [pilot, proxy] = [named(`${hub}/pilot:1.31.1`), named(`${hub}/proxyv2:1.31.1`)];
    const official = { pilot, proxy, hub, tag: '1.31.1', made: false };
    expect(loader.istio(official)).toBe(official);
    await using engine = await docker({ push: 'denied' });
    await loader.load([pilot, proxy], quiet);
    await expect(engine.calls()).rejects.toThrow('ENOENT');
  });
});

test.each([
  ['registry.istio.io/release/pilot:1.31.1', '1.31.1'],
  ['registry.istio.io/release/pilot:1.31.1-distroless', '1.31.1'],
  ['localhost:5000/pilot:1.31.1-debug@sha256:0f', '1.31.1'],
  ['pilot:1.32.0-rc.1', '1.32.0-rc.1'],
  ['localhost:5000/pilot', undefined],
])('%s is release %s', (image, release) => {
  expect(releaseOf(image)).toBe(release);
});

describe('a registry', () => {
  test.each([
    'Error response from daemon: manifest for x not found: manifest unknown',
    "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login'",
  ])('that answers is good enough to begin with: %s', async (pull) => {
    await using _ = await docker({ pull });
    await loader.check();
  });

  test.each([
    [
      'REGISTRY_UNKNOWN',
      headAnd('dial tcp: lookup registry.example.com on 10.0.0.53:53: no such host'),
      'correct --app-images: the engine knows no host registry.example.com:5000',
    ],
    [
      'REGISTRY_SILENT',
      headAnd('dial tcp 10.0.0.1:5000: connect: connection refused'),
      'start the registry, or see whether the engine reaches registry.example.com:5000 (it pulls and pushes by its own proxy settings)',
    ],
    [
      'REGISTRY_INSECURE',
      headAnd('http: server gave HTTP response to HTTPS client'),
      "give registry.example.com:5000 a certificate that the engine trusts (/etc/docker/certs.d/registry.example.com:5000/ca.crt), or add it to the engine's insecure-registries",
    ],
    [
      'REGISTRY_INSECURE',
      headAnd('x509: certificate signed by unknown authority'),
      "give registry.example.com:5000 a certificate that the engine trusts (/etc/docker/certs.d/registry.example.com:5000/ca.crt), or add it to the engine's insecure-registries",
    ],
    ['REGISTRY_LOGIN', headAnd('no basic auth credentials'), 'docker login registry.example.com:5000'],
    [
      'COMMAND_FAILED',
      'error parsing HTTP 404 response body: invalid character',
      `see whether ${registry} is in a registry of images`,
    ],
  ])('that cannot be used is refused before anything is made: %s', async (code, pull, next) => {
    await using _ = await docker({ pull });
    await expect(loader.check()).rejects.toThrow(
      expect.objectContaining({
        code,
        blame: 'environment',
        message: expect.stringContaining(`to do: ${next}`) as string,
      }),
    );
  });

  test('that lets nobody push is refused with its words, and the tag is taken away', async () => {
    await using engine = await docker({ push: 'denied: requested access to the resource is denied' });
    await expect(loader.load([kubia], quiet)).rejects.toThrow(
      [
        `Pushing ${kubia.name}: denied: requested access to the resource is denied [REGISTRY_DENIED]`,
        `  what to do: \`docker login registry.example.com:5000\` as somebody who may push below ${registry}`,
      ].join('\n'),
    );
    expect((await engine.calls()).at(-1)).toBe(`image rm --no-prune ${kubia.name}`);
  });
});
