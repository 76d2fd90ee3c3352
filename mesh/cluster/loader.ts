import { z } from 'zod';
import { ask, pipe, run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import type { IstioImages, NamedImage } from '../source/source.ts';
import { PushLoader } from './push-loader.ts';

/** Gets images that stand in this machine's engine to where the cluster's kubelets find them. */
export interface ImageLoader {
  /** What a manifest for this cluster calls an image that the engine knows by `reference`. */
  nameFor(reference: string): string;
  /** The same for the images of Istio, which one hub and one tag have to name. */
  istio(images: IstioImages): IstioImages;
  load(images: readonly NamedImage[], say: Say): Promise<void>;
}

const MOST_NAMES = 3;

const nodesSchema = z.array(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ providerID: z.string().default('') }) }),
);

/**
 * The loader that fits this cluster: a kind cluster of this machine's engine is given images directly, any other by a registry.
 *
 * @param registry `REGISTRY/PATH`, where the user named one
 * @throws HarnessError CANNOT_LOAD_IMAGES where there is no way, REGISTRY_... where the registry cannot be used
 */
export async function loaderFor(kube: Kube, registry?: string): Promise<ImageLoader> {
  if (registry !== undefined) {
    const loader = new PushLoader(registry);
    await loader.check();
    return loader;
  }
  const nodes = nodesSchema.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  const containers = await kindContainers();
  const foreign = nodes.filter(
    ({ metadata, spec }) => !spec.providerID.startsWith('kind://docker/') || !containers.includes(metadata.name),
  );
  const names = foreign.map(({ metadata }) => metadata.name);
  if (nodes.length > 0 && names.length === 0) return new KindLoader(nodes.map(({ metadata }) => metadata.name));
  throw new HarnessError({
    code: 'CANNOT_LOAD_IMAGES',
    blame: 'usage',
    doing: 'Looking for a way to bring the apps to the cluster',
    expected: "nodes that are containers of this machine's engine, as kind makes them, or a registry",
    seen: inShort(names),
    next: 'name a registry to push to, from which the nodes can pull: --app-images REGISTRY/PATH',
  });
}

/** Names of the nodes' containers. A kind cluster of another engine calls its nodes the same. */
async function kindContainers(): Promise<readonly string[]> {
  const format = ['--format', '{{.Names}}'];
  return ((await ask('docker', ['ps', '--filter', 'label=io.x-k8s.kind.cluster', ...format])) ?? '').split('\n');
}

function inShort(names: readonly string[]): string {
  if (names.length < 2) return `${names[0] ?? 'what it runs on'} is not`;
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more} are not`;
}

class KindLoader implements ImageLoader {
  readonly #nodes: readonly string[];

  constructor(nodes: readonly string[]) {
    this.#nodes = nodes;
  }

  nameFor(reference: string): string {
    // containerd knows what Docker calls `a/b` by its full name; what names a registry is full already.
    return /^[^/]*[.:][^/]*\//.test(reference) ? reference : `docker.io/${reference}`;
  }

  istio(images: IstioImages): IstioImages {
    return images;
  }

  async load(images: readonly NamedImage[], say: Say): Promise<void> {
    await Promise.all(this.#nodes.map((node) => this.#loadInto(node, images, say)));
  }

  async #loadInto(node: string, images: readonly NamedImage[], say: Say): Promise<void> {
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
      const imported = this.nameFor(reference);
      if (imported !== name) await run('docker', inside('tag', '--force', imported, name), { doing });
    }
  }
}
