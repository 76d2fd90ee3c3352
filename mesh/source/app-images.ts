import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../paths.ts';
import type { Say } from '../say.ts';
import { hashFile } from './hash.ts';
import { buildImage, type Part } from './packages/image.ts';

const NOT_IN_THE_IMAGE = ['Dockerfile', 'k8s.yaml', 'node_modules', 'README.md'];

/** Builds the image of every app below apps/ that has a Dockerfile. Returns the references by folder name. */
export async function buildAppImages(base: string, say: Say): Promise<Record<string, string>> {
  const apps = join(projectRoot, 'apps');
  const names = (await readdir(apps)).filter((name) => existsSync(join(apps, name, 'Dockerfile')));
  const built: Record<string, string> = {};
  for (const name of names) built[name] = await buildApp(name, join(apps, name), base, say);
  return built;
}

async function buildApp(name: string, folder: string, base: string, say: Say): Promise<string> {
  const files = (await readdir(folder)).filter((file) => !NOT_IN_THE_IMAGE.includes(file));
  const parts = await Promise.all(
    files.map(async (file): Promise<[string, Part]> => [file, await part(join(folder, file))]),
  );
  const modules = await installedModules(folder);
  const context = { ...Object.fromEntries(parts), ...modules };
  return buildImage(
    { repository: `istio-e2e/${name}`, dockerfile: join(folder, 'Dockerfile'), context, args: { BASE: base } },
    say,
  );
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
