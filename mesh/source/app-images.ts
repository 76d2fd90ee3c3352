import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../paths.ts';
import type { Say } from '../say.ts';
import { hashFile, hashTree } from './hash.ts';
import { buildImage, hasImage, type Part, type Recipe, referenceOf } from './packages/image.ts';
import { lockCache } from './store.ts';

const NOT_IN_THE_IMAGE = ['Dockerfile', 'k8s.yaml', 'node_modules', 'README.md'];
const apps = join(projectRoot, 'apps');
/** What several apps share: it is in every build context, and an app that needs it copies it. */
const common = join(apps, 'common');

/** Builds the image of every app below apps/ that has a Dockerfile. Returns the references by folder name. */
export async function buildAppImages(base: string, say: Say): Promise<Record<string, string>> {
  const names = (await readdir(apps)).filter((name) => existsSync(join(apps, name, 'Dockerfile')));
  const shared = { path: common, hash: await hashTree(common) };
  const built: Record<string, string> = {};
  for (const name of names) built[name] = await ensureImage(await recipeOf(name, base, shared), say);
  return built;
}

/** Who has nothing to build does not wait for another clone that has. */
async function ensureImage(recipe: Recipe, say: Say): Promise<string> {
  const reference = await referenceOf(recipe);
  if (await hasImage(reference)) return reference;
  using _ = await lockCache(say);
  return await buildImage(recipe, say);
}

async function recipeOf(name: string, base: string, shared: Part): Promise<Recipe> {
  const folder = join(apps, name);
  const files = (await readdir(folder)).filter((file) => !NOT_IN_THE_IMAGE.includes(file));
  const parts = await Promise.all(
    files.map(async (file): Promise<[string, Part]> => [file, await part(join(folder, file))]),
  );
  const modules = await installedModules(folder);
  const context = { ...Object.fromEntries(parts), ...modules, common: shared };
  return { repository: `istio-e2e/${name}`, dockerfile: join(folder, 'Dockerfile'), context, args: { BASE: base } };
}

async function part(path: string): Promise<Part> {
  return { path, hash: await hashFile(path) };
}

/** The lock file says what is in node_modules, and is much quicker to read. */
async function installedModules(folder: string): Promise<Record<string, Part>> {
  const path = join(folder, 'node_modules');
  if (!existsSync(path)) return {};
  return { node_modules: { path, hash: await hashFile(join(folder, 'package-lock.json')) } };
}
