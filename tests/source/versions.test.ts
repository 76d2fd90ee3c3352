import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { chooseIstio, chooseKubernetes, versions } from '../../mesh/versions.ts';

const modules = join(projectRoot, 'mesh', 'source', 'packages', 'go');
const sha256 = /^[0-9a-f]{64}$/;

describe('choosing a version', () => {
  test('without a wish it is the default', () => {
    expect(chooseIstio()).toBe(versions.istio.default);
    expect(chooseKubernetes('packages')).toBe(versions.kubernetes.packages.default);
    expect(chooseKubernetes('registry')).toBe(versions.kubernetes.registry.default);
  });

  test.each(Object.keys(versions.istio.releases))('Istio %s can be chosen', (version) => {
    expect(chooseIstio(version)).toBe(version);
  });

  test('an Istio that is not pinned is refused with the list of those that are', () => {
    expect(() => chooseIstio('1.2.3')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_VERSION',
        blame: 'usage',
        message: [
          'Choosing Istio: --istio 1.2.3, which versions.json does not pin [UNKNOWN_VERSION]',
          `  expected: one of ${Object.keys(versions.istio.releases).join(', ')}`,
          '  what to do: choose one of them, or add 1.2.3 to versions.json (CONTRIBUTING says how)',
        ].join('\n'),
      }),
    );
  });

  test('a Kubernetes is refused by the source that lacks it', () => {
    expect(() => chooseKubernetes('packages', '9.9.9')).toThrow(
      /^Choosing Kubernetes \(from packages\): --kubernetes 9\.9\.9, which versions\.json does not pin/,
    );
  });

  test('the name of something every object has is no version', () => {
    expect(() => chooseIstio('constructor')).toThrow(expect.objectContaining({ code: 'UNKNOWN_VERSION' }));
  });
});

describe('versions.json', () => {
  const { istio, kubernetes, envoyWheels, goWheel } = versions;

  test('each default is one of the releases', () => {
    for (const { default: name, releases } of [istio, kubernetes.packages, kubernetes.registry]) {
      expect(Object.keys(releases)).toContain(name);
    }
  });

  test('each Istio has a Go module here, which asks for a revision of its own and for no Kubernetes', async () => {
    expect((await readdir(join(modules, 'istio'))).toSorted()).toEqual(
      [...Object.keys(istio.releases), 'tools.go'].toSorted(),
    );
    const folders = Object.keys(istio.releases).map((release) => join(modules, 'istio', release));
    const texts = await Promise.all(folders.map((folder) => readFile(join(folder, 'go.mod'), 'utf8')));
    const revisions = texts.map(
      (text) => /^(?:\s|require )*istio\.io\/istio v0\.0\.0-(\d{14}-[0-9a-f]{12})$/m.exec(text)?.[1],
    );
    expect(revisions).not.toContain(undefined);
    expect(new Set(revisions).size).toBe(folders.length);
    for (const folder of folders) expect(await readdir(folder)).toEqual(['go.mod', 'go.sum']);
    // Its libraries are those that it was released with, and not those of some cluster.
    for (const text of texts) expect(text).not.toMatch(/=>|k8s\.io\/kubernetes /);
  });

  test('each Kubernetes has a Go module here, which asks for that Kubernetes, its libraries included, and for no Istio', async () => {
    const releases = Object.keys(kubernetes.packages.releases);
    expect((await readdir(join(modules, 'kubernetes'))).toSorted()).toEqual([...releases, 'coredns', 'tools.go']);
    for (const release of releases) {
      const text = await readFile(join(modules, 'kubernetes', release, 'go.mod'), 'utf8');
      expect(/^\s*k8s\.io\/kubernetes v(\S+)$/m.exec(text)?.[1]).toBe(release);
      const libraries = [...text.matchAll(/^replace k8s\.io\/\S+ => k8s\.io\/\S+ v0\.(\S+)$/gm)].map(
        ([, version]) => `1.${version}`,
      );
      expect(new Set(libraries)).toEqual(new Set([release]));
      expect(text).not.toContain('istio.io/istio');
    }
  });

  test.each(Object.entries(istio.releases))('the Envoy of Istio %s has a pinned wheel', (_, { envoy }) => {
    expect(envoyWheels[envoy]?.amd64).toMatch(sha256);
  });

  test('every checksum is a SHA-256', () => {
    const sums = [...Object.values(envoyWheels).flatMap((wheel) => Object.values(wheel)), goWheel.amd64, goWheel.arm64];
    for (const sum of sums) expect(sum).toMatch(sha256);
    for (const { digest } of Object.values(kubernetes.registry.releases)) {
      expect(digest ?? `sha256:${'0'.repeat(64)}`).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
  });
});
