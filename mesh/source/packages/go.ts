import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ask, run } from '../../command.ts';
import { HarnessError } from '../../errors.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import type { Choice } from '../../versions.ts';
import { hashFile, hashTree, nameOf } from '../hash.ts';
import { HALF_MADE, keep } from '../store.ts';
import { GO_SETTINGS, goBuild } from './go-build.ts';

const sources = fileURLToPath(new URL('go/', import.meta.url));
const SUMS = 'sums.json';
const TOOLS = 'tools.go';

/** Hub that self-built Istio images stand under. Host-qualified, so that nothing completes it to a public one. */
export const istioHub = 'localhost/istio-e2e';

/** What was compiled out of one Go module. */
export interface Programs {
  /** Folder with one executable per name in `sums`. */
  readonly folder: string;
  /** SHA-256 of each executable, by file name. */
  readonly sums: Readonly<Record<string, string>>;
}

export interface ClusterPrograms extends Programs {
  /** kind's files for its base image. */
  readonly kindFiles: string;
}

export interface IstioPrograms extends Programs {
  /** Envoy's bootstrap template of this Istio. */
  readonly bootstrap: string;
}

/** What is made of the module `go/NAME/RELEASE`. */
interface Build {
  readonly name: 'kubernetes' | 'istio';
  readonly release: string;
  readonly flags: readonly string[];
  /** Folders beside the releases, with programs of our own. */
  readonly own: readonly string[];
  /** What is copied out of a module that it asks for, found by one of its packages. */
  readonly copied: { readonly member: string; readonly path: string };
}

/**
 * kind, Kubernetes, containerd, etcd, CoreDNS, the network plugins and httpbin, all in one `go build` so that they share packages. About
 * ten minutes on two cores with an empty Go cache.
 */
export async function clusterPrograms({ kubernetes }: Choice, go: string, say: Say): Promise<ClusterPrograms> {
  const [major = '', minor = ''] = kubernetes.split('.');
  // The stamps are not decoration: kubeadm, kubelet and Istio's native-sidecar detection decide by them.
  const stamps = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((at) => [
    `${at}.gitVersion=v${kubernetes}`,
    `${at}.gitMajor=${major}`,
    `${at}.gitMinor=${minor}`,
    `${at}.gitTreeState=clean`,
  ]);
  const { copied, ...programs } = await compiled(go, say, {
    name: 'kubernetes',
    release: kubernetes,
    flags: ['-trimpath', '-tags=no_btrfs,no_devmapper,no_zfs,no_aufs', stamped(stamps)],
    own: ['coredns'],
    copied: { member: 'sigs.k8s.io/kind', path: 'images/base/files' },
  });
  return { ...programs, kindFiles: copied };
}

/** istioctl, istiod and the agent, with the libraries that this release asks for, whatever Kubernetes the cluster has. */
export async function istioPrograms({ istio }: Choice, go: string, say: Say): Promise<IstioPrograms> {
  const stamps = { buildVersion: istio, buildTag: istio, buildHub: istioHub, buildStatus: 'Clean' };
  const { copied, ...programs } = await compiled(go, say, {
    name: 'istio',
    release: istio,
    flags: [
      '-trimpath',
      stamped(Object.entries(stamps).map(([name, value]) => `istio.io/istio/pkg/version.${name}=${value}`)),
    ],
    own: [],
    copied: { member: 'istio.io/istio/pkg/version', path: 'tools/packaging/common/envoy_bootstrap.json' },
  });
  return { ...programs, bootstrap: copied };
}

/** Whether a compilation has ever been finished here. An add-on's program, which stands beside these, is a small part of one. */
export async function hasPrograms(): Promise<boolean> {
  const found = await readdir(cachePath('programs')).catch(() => []);
  return found.some((name) => !name.endsWith(HALF_MADE) && existsSync(cachePath('programs', name, SUMS)));
}

async function compiled(go: string, say: Say, build: Build): Promise<Programs & { readonly copied: string }> {
  if (!existsSync(moduleOf(build))) throw noModule(build);
  const beside = [moduleOf(build), ...build.own.map((name) => join(sources, build.name, name))];
  const inputs = [...beside.map(hashTree), hashFile(join(sources, build.name, TOOLS))];
  const version = (await ask(go, ['version'])) ?? '';
  const name = nameOf(version, ...build.flags, ...(await Promise.all(inputs)));
  const folder = cachePath('programs', `${build.name}-${name}`);
  await keep(folder, (halfMade) => compile(go, build, halfMade, say));
  const sums = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(folder, SUMS), 'utf8')));
  return { folder: join(folder, 'bin'), sums, copied: join(folder, basename(build.copied.path)) };
}

async function compile(go: string, build: Build, folder: string, say: Say): Promise<void> {
  const { name, flags, own, copied } = build;
  const work = join(folder, 'module');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await cp(moduleOf(build), work, { recursive: true });
  for (const item of [TOOLS, ...own]) await cp(join(sources, name, item), join(work, item), { recursive: true });
  const packages = [...(await readFile(join(work, TOOLS), 'utf8')).matchAll(/_ "(.+)"/g)].map(
    (match) => match[1] ?? '',
  );
  const args = [...flags, '-o', `${bin}/`, ...packages, ...own.map((item) => `./${item}`)];
  await goBuild(go, work, args, inWords(build), say);
  // The package of etcd's server is called so.
  if (existsSync(join(bin, 'server'))) await rename(join(bin, 'server'), join(bin, 'etcd'));
  await copyFromModule(go, work, copied.member, copied.path, join(folder, basename(copied.path)));
  const sums = (await readdir(bin)).map(async (file) => [file, await hashFile(join(bin, file))] as const);
  await writeFile(join(folder, SUMS), JSON.stringify(Object.fromEntries(await Promise.all(sums))));
}

function moduleOf({ name, release }: Build): string {
  return join(sources, name, release);
}

function noModule(build: Build): HarnessError {
  return new HarnessError({
    code: 'NO_MODULE',
    blame: 'usage',
    doing: `Compiling ${inWords(build)}`,
    expected: `its Go module in mesh/source/packages/go/${build.name}/${build.release}`,
    seen: 'there is none',
    next: 'choose another release, or make the module (CONTRIBUTING says how)',
  });
}

function inWords({ name, release }: Build): string {
  return `${name === 'istio' ? 'Istio' : 'Kubernetes'} ${release}`;
}

/** Asks by a package, not by the module: `list -m` wants the proxy's record of the version, which a build does not need. */
async function copyFromModule(go: string, work: string, member: string, path: string, to: string): Promise<void> {
  const options = { doing: `Finding the sources of ${member}`, cwd: work, env: GO_SETTINGS };
  const folder = await run(go, ['list', '-f', '{{.Module.Dir}}', member], options);
  await cp(join(folder, path), to, { recursive: true });
  // The module cache is read-only, folders included, and a copy must not be: it has to be removable.
  await run('chmod', ['-R', 'u+w', to], { doing: `Copying ${path}` });
}

function stamped(stamps: readonly string[]): string {
  return `-ldflags=-s -w ${stamps.map((stamp) => `-X ${stamp}`).join(' ')}`;
}
