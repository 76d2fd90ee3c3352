import { z } from 'zod';
import { ask, pipe, run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import type { Say } from '../say.ts';
import type { NamedImage } from '../source/source.ts';

/** Gets images that stand in this machine's engine to where the cluster's kubelets find them. */
export interface ImageLoader {
  load(images: readonly NamedImage[], say: Say): Promise<void>;
}

const MOST_NAMES = 3;

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
    expected: "nodes that are containers of this machine's engine, as kind makes them",
    seen: inShort(names),
    next: "use a kind cluster of this machine's engine: the harness knows no other way yet to bring images to a cluster",
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
