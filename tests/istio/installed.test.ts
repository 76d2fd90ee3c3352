import { describe, expect, test } from 'vitest';
import { runsUpstreamEnvoy } from '../../mesh/istio/install.ts';
import { demandSameIstio } from '../../mesh/istio/installed.ts';
import type { Kube } from '../../mesh/kube/kube.ts';

const SETTINGS = 'istio-e2e.dev/settings';

/** A cluster with an istiod of this image, or with none. */
function holding(image: string | undefined, annotations: Readonly<Record<string, string>> = {}): Kube {
  const objects: Readonly<Record<string, object | undefined>> = {
    'istio-system': { metadata: { name: 'istio-system', annotations } },
    istiod: image === undefined ? undefined : { spec: { template: { spec: { containers: [{ image }] } } } },
  };
  return {
    get: ({ metadata }: { readonly metadata: { readonly name: string } }) => Promise.resolve(objects[metadata.name]),
    list: () => Promise.resolve([]),
  } as unknown as Kube;
}

describe('the Istio that was brought up', () => {
  test.each(['docker.io/istio/pilot:1.31.0', 'pilot:1.31.0-distroless', 'pilot:1.31.0-0123456789ab'])(
    'is still there as %s',
    async (image) => {
      await expect(demandSameIstio(holding(image), '1.31.0')).resolves.toBe(undefined);
    },
  );

  test.each([
    ['upgraded in place', 'docker.io/istio/pilot:1.31.1', 'Istio 1.31.1'],
    ['taken away', undefined, 'no istiod'],
  ])('and was %s is missed: no verdict would be about what its report says', async (_, image, seen) => {
    await expect(demandSameIstio(holding(image), '1.31.0')).rejects.toThrow(
      `Looking for the Istio that was brought up here: ${seen} [ISTIO_CHANGED]`,
    );
  });
});

describe("upstream's Envoy", () => {
  test.each([
    ['runs in an Istio that the harness installed from packages', true, { [SETTINGS]: '0123' }, true],
    ['does not in one of official images', false, { [SETTINGS]: '0123' }, false],
    ["does not in somebody else's, wherever this machine's images come from", true, {}, false],
  ])('%s', async (_, upstreamEnvoy, annotations, runs) => {
    expect(await runsUpstreamEnvoy(holding('pilot:1', annotations), { upstreamEnvoy })).toBe(runs);
  });
});
