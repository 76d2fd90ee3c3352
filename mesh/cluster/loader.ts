import { z } from 'zod';
import { pipe, run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import type { NamedImage } from '../source/source.ts';

/** Gets images that stand in this machine's engine to where the cluster's kubelets find them. */
export interface ImageLoader {
  load(images: readonly NamedImage[], say: Say): Promise<void>;
}

const nodesSchema = z.array(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ providerID: z.string().default('') }) }),
);

/**
 * The loader that fits this cluster: a kind cluster of this machine's engine is given images directly.
 *
 * @throws HarnessError CANNOT_LOAD_IMAGES where there is no way that the harness knows
 */
export async function loaderFor(kube: Kube): Promise<ImageLoader> {
  const nodes = nodesSchema.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  const foreign = nodes.filter(({ spec }) => !spec.providerID.startsWith('kind://docker/'));
  if (foreign.length === 0) return new KindLoader(nodes.map(({ metadata }) => metadata.name));
  throw new HarnessError({
    code: 'CANNOT_LOAD_IMAGES',
    blame: 'usage',
    doing: 'Bringing the demo apps to the cluster',
    expected: 'a kind cluster of this machine, whose nodes are containers',
    seen: `nodes of another kind (${foreign.map(({ metadata }) => metadata.name).join(', ')})`,
    next: 'use a kind cluster of this machine: the harness knows no other way yet to bring images to a cluster',
  });
}

class KindLoader implements ImageLoader {
  readonly #nodes: readonly string[];

  constructor(nodes: readonly string[]) {
    this.#nodes = nodes;
  }

  async load(images: readonly NamedImage[], say: Say): Promise<void> {
    await Promise.all(this.#nodes.map((node) => loadInto(node, images, say)));
  }
}

async function loadInto(node: string, images: readonly NamedImage[], say: Say): Promise<void> {
  const inside = (...command: readonly string[]) => ['exec', '-i', node, 'ctr', '-n', 'k8s.io', 'images', ...command];
  const doing = `Loading images into ${node}`;
  const there = (await run('docker', inside('ls', '-q'), { doing })).split('\n');
  const missing = images.filter(({ name }) => !there.includes(name));
  if (missing.length === 0) return;
  say(`loading ${missing.length} images into ${node}`);
  await pipe(
    ['docker', 'save', ...missing.map(({ reference }) => reference)],
    ['docker', ...inside('import', '--digests', '-')],
    { doing },
  );
  for (const { reference, name } of missing) {
    // containerd knows what Docker calls `a/b` by its full name; what names a registry is full already.
    const imported = /^[^/]*[.:][^/]*\//.test(reference) ? reference : `docker.io/${reference}`;
    if (imported !== name) await run('docker', inside('tag', '--force', imported, name), { doing });
  }
}
