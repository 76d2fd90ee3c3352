import { existsSync } from 'node:fs';
import { buildAppImages } from '../mesh/apps/images.ts';
import { ExistingProvider } from '../mesh/cluster/existing.ts';
import { type ClusterHandle, readHandle, writeHandle } from '../mesh/cluster/handle.ts';
import { KindProvider } from '../mesh/cluster/kind.ts';
import { loaderFor } from '../mesh/cluster/loader.ts';
import type { ClusterProvider } from '../mesh/cluster/provider.ts';
import type { Engine } from '../mesh/engine/engine.ts';
import { ensureEngine } from '../mesh/engine/start.ts';
import { HarnessError } from '../mesh/errors.ts';
import { ensureIstio } from '../mesh/istio/install.ts';
import { installed } from '../mesh/istio/installed.ts';
import { proveIstio } from '../mesh/istio/proof.ts';
import { connect } from '../mesh/kube/kube.ts';
import { type Lock, lockCluster } from '../mesh/lock.ts';
import { clusterPath } from '../mesh/paths.ts';
import { chooseSource } from '../mesh/source/choose.ts';
import type { Binaries, IstioImages, Source } from '../mesh/source/source.ts';
import { type Choice, chooseIstio, chooseKubernetes } from '../mesh/versions.ts';
import { type ClusterOptions, kubeconfigOf, recordName } from './options.ts';
import type { Progress } from './progress.ts';

export const handlePath = (options: Pick<ClusterOptions, 'cluster' | 'context'>): string => clusterPath(recordName(options), 'cluster.json');

export function lock(options: ClusterOptions): Lock {
  return lockCluster(recordName(options), clusterPath(recordName(options), 'lock'));
}

interface Supplies {
  readonly source: Source;
  readonly choice: Choice;
  readonly binaries: Binaries;
  /** Undefined where the cluster has an Istio already, or finds its images by itself. */
  readonly istio: IstioImages;
  readonly appBase: string;
}

/** Engine, binaries, images, cluster, Istio: from whatever is there to a cluster with a proven mesh. */
export async function bringUp(options: ClusterOptions, progress: Progress): Promise<ClusterHandle> {
  // First of all, because a wrong version should cost nobody ten minutes.
  chooseIstio(options.istio);
  progress.logTo(clusterPath(recordName(options), 'run.log'));
  const engine = await progress.phase('engine', ensureEngine);
  const { source, choice, binaries } = await progress.phase('binaries', async (say) => {
    const source = await chooseSource(options.images, say);
    const choice = { istio: chooseIstio(options.istio), kubernetes: chooseKubernetes(source.name, options.kubernetes) };
    return { source, choice, binaries: await source.binaries(choice, say) };
  });
  const provider = providerFor(options, engine, source, binaries);
  const { node, istio, appBase } = await progress.phase('images', async (say) => {
    const node = options.context === undefined ? await source.nodeImage(choice, say) : '';
    const istio = await source.istioImages(choice, say);
    const appBase = await source.appBase(choice, say);
    await buildAppImages(appBase, say);
    return { node, istio, appBase };
  });
  const access = await progress.phase('cluster', (say) => provider.ensure(() => Promise.resolve(node), say));
  const supplies = { source, choice, binaries, istio, appBase };
  return progress.phase('Istio', (say) => installIstio(options, access, supplies, say));
}

/** Puts the apps' images into the cluster and the apps into the namespaces of `workers` workers. */
export async function deployApps(options: ClusterOptions, workers: number, progress: Progress): Promise<ClusterHandle> {
  const handle = await currentHandle(options);
  return progress.phase('apps', async (say) => {
    const images = await buildAppImages(handle.appBase, say);
    const kube = await connect(handle);
    const loader = await loaderFor(kube);
    await loader.load(Object.values(images).map((reference) => ({ reference, name: `docker.io/${reference}` })), say);
    const ready = { ...handle, images };
    await writeHandle(handlePath(options), ready);
    const { ensureSlots } = await import('../mesh/world/slots.ts');
    await ensureSlots(kube, ready, workers, say);
    return ready;
  });
}

/** @throws HarnessError NO_CLUSTER where none was brought up under this name */
export async function currentHandle(options: ClusterOptions): Promise<ClusterHandle> {
  const path = handlePath(options);
  if (existsSync(path)) return readHandle(path);
  throw new HarnessError({
    code: 'NO_CLUSTER',
    blame: 'environment',
    doing: `Looking for cluster ${recordName(options)}`,
    seen: 'none was brought up under this name',
    next: '`npm run up` makes one; `npm run e2e` does everything',
  });
}

export function providerFor(options: ClusterOptions, engine: Engine, source: Source, binaries: Binaries): ClusterProvider {
  if (options.context !== undefined) return new ExistingProvider({ context: options.context, kubeconfig: kubeconfigOf(options) });
  return new KindProvider({ name: options.cluster, engine, kind: binaries.kind, ownNetwork: source.ownNetwork });
}

async function installIstio(
  options: ClusterOptions,
  access: Awaited<ReturnType<ClusterProvider['ensure']>>,
  { source, choice, binaries, istio, appBase }: Supplies,
  say: Parameters<Parameters<Progress['phase']>[1]>[0],
): Promise<ClusterHandle> {
  const kube = await connect(access);
  const owned = access.provider === 'kind';
  const found = await installed(kube);
  if (found === undefined || owned) {
    const loader = await loaderFor(kube);
    await loader.load([istio.pilot, istio.proxy], say);
  }
  const wanted = { ...binaries, ...access, version: choice.istio, hub: istio.hub, upstreamEnvoy: source.upstreamEnvoy, owned };
  await ensureIstio(kube, wanted, say);
  await proveIstio(kube, wanted, choice.istio, say);
  const handle: ClusterHandle = {
    ...access,
    istioctl: binaries.istioctl,
    istioVersion: choice.istio,
    kubernetesVersion: choice.kubernetes,
    upstreamEnvoy: source.upstreamEnvoy,
    owned,
    appBase,
    images: {},
  };
  await writeHandle(handlePath(options), handle);
  await kube.close();
  return handle;
}
