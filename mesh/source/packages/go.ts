import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ask, run } from '../../command.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { type Choice, versions } from '../../versions.ts';
import { hashFile, hashTree, nameOf } from '../hash.ts';
import { HALF_MADE, keep } from '../store.ts';
import { goProgress } from './go-progress.ts';

const sources = fileURLToPath(new URL('go/', import.meta.url));
const SUMS = 'sums.json';

/** Hub that self-built Istio images stand under. Host-qualified, so that nothing completes it to a public one. */
export const istioHub = 'localhost/istio-e2e';

export interface Programs {
  /** Folder with one executable per name in `sums`. */
  readonly folder: string;
  /** SHA-256 of each executable and of the bootstrap template, by file name. */
  readonly sums: Readonly<Record<string, string>>;
  /** Envoy's bootstrap template of this Istio. */
  readonly bootstrap: string;
  /** kind's files for its base image. */
  readonly kindFiles: string;
}

/**
 * Compiles kind, Kubernetes, containerd, etcd, CoreDNS, the network plugins and Istio from their Go modules, all in one
 * `go build` so that they share packages. About ten minutes on two cores with an empty Go cache.
 */
export async function buildPrograms(choice: Choice, go: string, say: Say): Promise<Programs> {
  const module = join(sources, versions.istio.releases[choice.istio]?.goModule ?? '');
  const flags = buildFlags(choice);
  const version = (await ask(go, ['version'])) ?? '';
  const ownSources = await Promise.all([
    hashTree(module),
    hashTree(join(sources, 'coredns')),
    hashFile(join(sources, 'tools.go')),
  ]);
  const folder = cachePath('programs', nameOf(version, ...flags, ...ownSources));
  await keep(folder, (halfMade) => compile(go, module, flags, halfMade, say));
  const sums = z.record(z.string(), z.string()).parse(JSON.parse(await readFile(join(folder, SUMS), 'utf8')));
  return {
    folder: join(folder, 'bin'),
    sums,
    bootstrap: join(folder, 'envoy_bootstrap.json'),
    kindFiles: join(folder, 'kind-files'),
  };
}

/** Whether a compilation has ever been finished here. An add-on's program, which stands beside these, is a small part of one. */
export async function hasPrograms(): Promise<boolean> {
  const found = await readdir(cachePath('programs')).catch(() => []);
  return found.some((name) => !name.endsWith(HALF_MADE) && existsSync(cachePath('programs', name, SUMS)));
}

async function compile(go: string, module: string, flags: readonly string[], folder: string, say: Say): Promise<void> {
  const work = join(folder, 'module');
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await cp(module, work, { recursive: true });
  await cp(join(sources, 'coredns'), join(work, 'coredns'), { recursive: true });
  await cp(join(sources, 'tools.go'), join(work, 'tools.go'));
  const options = { cwd: work, env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' } };
  const packages = [...(await readFile(join(work, 'tools.go'), 'utf8')).matchAll(/_ "(.+)"/g)].map(
    (match) => match[1] ?? '',
  );
  await run(go, ['build', '-v', ...flags, '-o', `${bin}/`, ...packages, './coredns'], {
    doing: 'Compiling Kubernetes and Istio',
    next: 'read the lines above; if a module could not be had, check that the Go module proxy answers (GOPROXY)',
    onLine: goProgress(say),
    ...options,
  });
  await rename(join(bin, 'server'), join(bin, 'etcd'));
  await copyFromModule(
    go,
    work,
    'istio.io/istio/pkg/version',
    'tools/packaging/common/envoy_bootstrap.json',
    join(folder, 'envoy_bootstrap.json'),
  );
  await copyFromModule(go, work, 'sigs.k8s.io/kind', 'images/base/files', join(folder, 'kind-files'));
  const files = [...(await readdir(bin)).map((name) => join(bin, name)), join(folder, 'envoy_bootstrap.json')];
  const sums = await Promise.all(files.map(async (file) => [basename(file), await hashFile(file)] as const));
  await writeFile(join(folder, SUMS), JSON.stringify(Object.fromEntries(sums)));
}

/** Asks by a package, not by the module: `list -m` wants the proxy's record of the version, which a build does not need. */
async function copyFromModule(go: string, work: string, member: string, path: string, to: string): Promise<void> {
  const options = { doing: `Finding the sources of ${member}`, cwd: work, env: { GOTOOLCHAIN: 'local' } };
  const folder = await run(go, ['list', '-f', '{{.Module.Dir}}', member], options);
  await cp(join(folder, path), to, { recursive: true });
  // The module cache is read-only, folders included, and a copy must not be: it has to be removable.
  await run('chmod', ['-R', 'u+w', to], { doing: `Copying ${path}` });
}

/** The stamps are not decoration: kubeadm, kubelet and Istio's native-sidecar detection decide by them. */
function buildFlags({ istio, kubernetes }: Choice): string[] {
  const [major = '', minor = ''] = kubernetes.split('.');
  const stamps = [
    ...['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((at) => [
      `${at}.gitVersion=v${kubernetes}`,
      `${at}.gitMajor=${major}`,
      `${at}.gitMinor=${minor}`,
      `${at}.gitTreeState=clean`,
    ]),
    ...Object.entries({ buildVersion: istio, buildTag: istio, buildHub: istioHub, buildStatus: 'Clean' }).map(
      ([name, value]) => `istio.io/istio/pkg/version.${name}=${value}`,
    ),
  ];
  return [
    '-trimpath',
    '-tags=no_btrfs,no_devmapper,no_zfs,no_aufs',
    `-ldflags=-s -w ${stamps.map((stamp) => `-X ${stamp}`).join(' ')}`,
  ];
}
