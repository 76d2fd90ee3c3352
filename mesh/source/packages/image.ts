import { cp, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, run } from '../../command.ts';
import { interruption } from '../../interruption.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { hashFile, nameOf } from '../hash.ts';

export interface Recipe {
  /** Repository of the image, without tag: the tag is a hash of everything that goes in. */
  readonly repository: string;
  readonly dockerfile: string;
  /** Path in the build context -> file or folder that is put there, and the hash of its content. */
  readonly context: Readonly<Record<string, Part>>;
  readonly args?: Readonly<Record<string, string>>;
  /** Lets the build's commands reach the package servers. */
  readonly network?: boolean;
}

export interface Part {
  readonly path: string;
  readonly hash: string;
}

export const dockerfile = (name: string): string =>
  fileURLToPath(new URL(`images/${name}.Dockerfile`, import.meta.url));

/** Where an image that this recipe makes stands: the same inputs give the same reference. */
export async function referenceOf({ repository, dockerfile, context, args = {} }: Recipe): Promise<string> {
  const parts = Object.entries(context).map(([to, { hash }]) => `${to}=${hash}`);
  const name = nameOf(
    await hashFile(dockerfile),
    ...parts.toSorted(),
    ...Object.entries(args).map((pair) => pair.join('=')),
  );
  return `${repository}:${name}`;
}

/** Builds the image unless it is there already, and returns its reference. */
export async function buildImage(recipe: Recipe, say: Say): Promise<string> {
  const reference = await referenceOf(recipe);
  if (await hasImage(reference)) return reference;
  say(`building ${reference}`);
  const folder = await emptyContext();
  try {
    for (const [to, { path }] of Object.entries(recipe.context)) await place(path, join(folder, to));
    await build(recipe, reference, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return reference;
}

export async function hasImage(reference: string): Promise<boolean> {
  return (await ask('docker', ['image', 'inspect', '--format', '{{.Id}}', reference])) !== undefined;
}

async function build(recipe: Recipe, reference: string, folder: string): Promise<void> {
  const args = Object.entries(recipe.args ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const network = recipe.network === true ? ['--network=host', ...proxies()] : [];
  const target = ['-t', reference, '-f', recipe.dockerfile, folder];
  await run('docker', ['build', '--rm', '--force-rm', ...network, ...args, ...target], {
    doing: `Building the image ${reference}`,
    // The classic builder is there in every Docker since 17.09; buildx is a plugin that may be missing.
    env: { DOCKER_BUILDKIT: '0' },
  });
}

/** Docker takes the values from our environment, and keeps these names out of the image. */
function proxies(): string[] {
  const names = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  return names.filter((name) => (process.env[name] ?? '') !== '').flatMap((name) => ['--build-arg', name]);
}

/** Beside the cache, so that big programs can be linked instead of copied. */
async function emptyContext(): Promise<string> {
  const parent = cachePath('contexts');
  // Under the build lock nobody else has one: what is there was left by a build that was killed.
  await rm(parent, { recursive: true, force: true });
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, 'context-')).catch(() => mkdtemp(join(tmpdir(), 'istio-e2e-')));
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch(() => cp(from, to, { recursive: true }));
}

/** A context part for each named program, below `folder`. */
export function programParts(
  folder: string,
  programs: { readonly folder: string; readonly sums: Readonly<Record<string, string>> },
  names: readonly string[],
): Record<string, Part> {
  return Object.fromEntries(
    names.map((name) => [
      `${folder}/${basename(name)}`,
      { path: join(programs.folder, name), hash: programs.sums[name] ?? 'missing' },
    ]),
  );
}

/** Removes every image that the harness made, whatever its inputs were, by its name: others that it may have stay. So does one that a container uses. */
export async function removeMadeImages(say: Say): Promise<readonly string[]> {
  const format = ['--format', '{{.Repository}}:{{.Tag}}'];
  const printed = await run('docker', ['images', ...format, '--filter', 'reference=istio-e2e/*'], {
    doing: 'Looking for images',
  });
  const images = printed.split('\n').filter((name) => name !== '');
  if (images.length === 0) return [];
  say(`removing ${images.length} images`);
  const kept: string[] = [];
  for (const image of images) if ((await ask('docker', ['rmi', image], 60_000)) === undefined) kept.push(image);
  interruption.signal.throwIfAborted();
  if (kept.length > 0)
    say.note(
      `left where they are, since the engine did not remove them (a container may use them): ${kept.join(', ')}`,
    );
  return [`${images.length - kept.length} images`];
}
