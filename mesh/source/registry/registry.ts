import { join } from 'node:path';
import type { AddOnName, Supply } from '../../addons/catalogue.ts';
import { HarnessError } from '../../errors.ts';
import { run } from '../../command.ts';
import { goArchitecture } from '../../machine/architecture.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { type Choice, versions } from '../../versions.ts';
import type { Binaries, IstioImages, NamedImage, Source } from '../source.ts';
import { hasImage } from '../packages/image.ts';
import { keep, lockCache } from '../store.ts';
import { download } from './download.ts';
import { trust } from './trust.ts';

/** Where Istio's official images live. */
const HUB = 'registry.istio.io/release';

/** Official programs and images, for machines that reach the registries. */
export function registrySource(): Source {
  const parts = { binaries, nodeImage, istioImages, appBase, foreignApps, prepareAddOns, addOn };
  return { name: 'registry', upstreamEnvoy: false, ownNetwork: false, ...parts };
}

async function binaries({ istio }: Choice, say: Say): Promise<Binaries> {
  using _ = await lockCache(say);
  return { kind: await kind(versions.kind, say), istioctl: await istioctl(istio, say) };
}

async function kind(version: string, say: Say): Promise<string> {
  const url = `https://github.com/kubernetes-sigs/kind/releases/download/v${version}/kind-${system()}-${goArchitecture()}`;
  say(`fetching kind ${version}`);
  return download({
    what: `kind ${version}`,
    url,
    checksum: { url: `${url}.sha256sum` },
    to: cachePath('downloads', `kind-${version}`),
  });
}

async function istioctl(version: string, say: Say): Promise<string> {
  const platform = system() === 'darwin' ? 'osx' : 'linux';
  const url = `https://github.com/istio/istio/releases/download/${version}/istioctl-${version}-${platform}-${goArchitecture()}.tar.gz`;
  say(`fetching istioctl ${version}`);
  const archive = await download({
    what: `istioctl ${version}`,
    url,
    checksum: { url: `${url}.sha256` },
    to: cachePath('downloads', `istioctl-${version}.tar.gz`),
  });
  const folder = await keep(cachePath('downloads', `istioctl-${version}`), async (halfMade) => {
    await run('mkdir', ['-p', halfMade], { doing: 'Unpacking istioctl' });
    await run('tar', ['-C', halfMade, '-xzf', archive], { doing: 'Unpacking istioctl' });
  });
  return join(folder, 'istioctl');
}

function nodeImage({ kubernetes }: Choice, say: Say): Promise<string> {
  return pull(`kindest/node:v${kubernetes}`, versions.kubernetes.registry.releases[kubernetes]?.digest, say);
}

async function istioImages({ istio }: Choice, say: Say): Promise<IstioImages> {
  const image = async (name: string): Promise<NamedImage> => ({ reference: await pull(name, undefined, say), name });
  const [pilot, proxy] = [await image(`${HUB}/pilot:${istio}`), await image(`${HUB}/proxyv2:${istio}`)];
  return { pilot, proxy, hub: HUB, tag: istio, made: false };
}

function appBase(_: Choice, say: Say): Promise<string> {
  return pull(`node:${versions.appNode}`, undefined, say);
}

async function foreignApps(_: Choice, say: Say): Promise<Readonly<Record<string, string>>> {
  return { httpbin: await pull(`ghcr.io/mccutchen/go-httpbin:${versions.httpbin}`, undefined, say) };
}

/** Images are pulled when they are wanted: that is no work for this machine. */
function prepareAddOns(): Promise<void> {
  return Promise.resolve();
}

async function addOn(name: AddOnName, istio: string, say: Say): Promise<Supply> {
  const { image, digest } = versions.addOns[name];
  const pulled = await pull(image, digest, say).catch(unlessUnpullable);
  if (typeof pulled !== 'string') return pulled;
  const supply = { image: pulled };
  return name === 'grafana' ? { ...supply, dashboards: await dashboards(istio, say) } : supply;
}

/** One registry may answer where another does not: then the add-on is not to be had here. */
function unlessUnpullable(error: unknown): { readonly lacking: string } {
  if (!(error instanceof HarnessError) || error.code !== 'IMAGE_NOT_PULLED') throw error;
  return { lacking: error.message.split('\n')[0] ?? error.code };
}

/** Istio's own dashboards are no file of their own: they stand in a sample of its release. */
async function dashboards(istio: string, say: Say): Promise<string> {
  using _ = await lockCache(say);
  const platform = system() === 'darwin' ? 'osx' : 'linux';
  const url = `https://github.com/istio/istio/releases/download/${istio}/istio-${istio}-${platform}-${goArchitecture()}.tar.gz`;
  say(`fetching the dashboards of Istio ${istio}`);
  const what = `the release of Istio ${istio}`;
  const to = cachePath('downloads', `istio-${istio}.tar.gz`);
  const archive = await download({ what, url, checksum: { url: `${url}.sha256` }, to });
  const sample = `istio-${istio}/samples/addons/grafana.yaml`;
  const folder = await keep(cachePath('downloads', `dashboards-${istio}`), async (halfMade) => {
    await run('mkdir', ['-p', halfMade], { doing: 'Unpacking the dashboards' });
    await run('tar', ['-C', halfMade, '-xzf', archive, sample], { doing: 'Unpacking the dashboards' });
  });
  return join(folder, sample);
}

/** Pulls by digest where one is pinned; otherwise by tag, and records the digest that it has on its first use. */
async function pull(name: string, pinned: string | undefined, say: Say): Promise<string> {
  const reference = pinned === undefined ? name : `${name}@${pinned}`;
  if (await hasImage(reference)) return reference;
  say(`pulling ${name}`);
  const next = 'check that the registry answers, or build the images here: --images packages';
  await run('docker', ['pull', '--quiet', reference], { doing: `Pulling ${name}`, code: 'IMAGE_NOT_PULLED', next });
  const digests = await run('docker', ['image', 'inspect', '--format', '{{join .RepoDigests " "}}', reference], {
    doing: `Reading the digest of ${name}`,
  });
  const repository = name.split(':')[0] ?? name;
  const own = digests.split(' ').find((digest) => digest.split('@')[0]?.endsWith(repository) === true);
  await trust(name, own?.split('@')[1] ?? 'without digest');
  return reference;
}

const system = (): 'linux' | 'darwin' => (process.platform === 'darwin' ? 'darwin' : 'linux');
