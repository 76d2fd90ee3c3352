import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAppImages } from '../mesh/source/app-images.ts';
import { ExistingProvider } from '../mesh/cluster/existing.ts';
import { type ClusterHandle, readHandle, sourceOf, writeHandle } from '../mesh/cluster/handle.ts';
import { lookAtNode } from '../mesh/cluster/kind-node.ts';
import { KindProvider } from '../mesh/cluster/kind.ts';
import { loaderFor } from '../mesh/cluster/loader.ts';
import type { ClusterAccess, ClusterProvider } from '../mesh/cluster/provider.ts';
import { type Engine, reachEngine } from '../mesh/engine/engine.ts';
import { ensureEngine } from '../mesh/engine/start.ts';
import { roomToWatch } from '../mesh/machine/inotify.ts';
import { HarnessError } from '../mesh/errors.ts';
import { together } from '../mesh/interruption.ts';
import { ensureIstio, isOurs } from '../mesh/istio/install.ts';
import { installed } from '../mesh/istio/installed.ts';
import { proveIstio } from '../mesh/istio/proof.ts';
import { connect, type Kube } from '../mesh/kube/kube.ts';
import { readyPodsOf } from '../mesh/kube/pods.ts';
import { type Lock, lockCluster } from '../mesh/lock.ts';
import { cachePath, clusterPath, projectRoot } from '../mesh/paths.ts';
import type { Say } from '../mesh/say.ts';
import { chooseSource, type Wish } from '../mesh/source/choose.ts';
import type { Binaries, IstioImages, Source } from '../mesh/source/source.ts';
import { type Choice, chooseIstio, chooseKubernetes } from '../mesh/versions.ts';
import { ISTIO_NAMESPACE } from '../mesh/world/names.ts';
import { newRun } from '../mesh/world/run.ts';
import { ensureSlots } from '../mesh/world/slot.ts';
import { type ClusterOptions, kubeconfigOf, recordName, sameCluster } from './options.ts';
import type { Progress } from './progress.ts';

export const handlePath = (options: Pick<ClusterOptions, 'cluster' | 'context' | 'kubeconfig'>): string =>
  clusterPath(recordName(options), 'cluster.json');

/** @param name of the cluster's record */
export const lockPath = (name: string): string => cachePath('locks', name);

export function lock(options: Pick<ClusterOptions, 'cluster' | 'context' | 'kubeconfig'>): Lock {
  return lockCluster(recordName(options), lockPath(recordName(options)));
}

/** All that a cluster is made of, on this machine. */
export interface Supplies {
  readonly engine: Engine;
  readonly source: Source;
  readonly choice: Choice;
  readonly binaries: Binaries;
  /** Image of the node; empty where no node will be booted. */
  readonly node: string;
  readonly istio: IstioImages;
  readonly appBase: string;
  readonly foreignApps: Readonly<Record<string, string>>;
}

/**
 * Engine, binaries, images: from whatever is there to all that a cluster is made of.
 *
 * @param addOns whether add-ons will be wanted
 */
export async function prepare(options: ClusterOptions, progress: Progress, addOns = false): Promise<Supplies> {
  progress.logTo(clusterPath(recordName(options), 'run.log'));
  const engine = await progress.phase('engine', async (say) => {
    const engine = await ensureEngine(say);
    if (options.context === undefined) await roomToWatch(say);
    return engine;
  });
  const { source, choice, binaries } = await progress.phase('binaries', async (say) => {
    const source = await chooseSource(await wishOf(options), say);
    const choice = { istio: chooseIstio(options.istio), kubernetes: chooseKubernetes(source.name, options.kubernetes) };
    return { source, choice, binaries: await source.binaries(choice, say) };
  });
  return progress.phase('images', async (say) => {
    // Making images is little work for the cores. What keeps a program of an add-on away, the add-ons' own phase says.
    const addOnsPrepared = addOns ? source.prepareAddOns(say).catch(() => undefined) : Promise.resolve();
    const images = async () => {
      const node = options.context === undefined ? await source.nodeImage(choice, say) : '';
      const istio = await source.istioImages(choice, say);
      const appBase = await source.appBase(choice, say);
      const foreignApps = await source.foreignApps(choice, say);
      await buildAppImages(appBase, say);
      return { engine, source, choice, binaries, node, istio, appBase, foreignApps };
    };
    const [supplies] = await together(images(), addOnsPrepared);
    return supplies;
  });
}

/**
 * From nothing, or whatever is there, to a cluster with a proven mesh.
 *
 * @param addOns whether add-ons will be wanted
 */
export async function bringUp(options: ClusterOptions, progress: Progress, addOns = false): Promise<ClusterHandle> {
  const provider = await providerFor(options);
  await provider.check();
  const supplies = await prepare(options, progress, addOns);
  const { engine, source, binaries, node } = supplies;
  const boot = { engine, kind: binaries.kind, node, ownNetwork: source.ownNetwork };
  const access = await progress.phase('cluster', async (say) => {
    const before = (await knownHandle(options))?.istioVersion ?? supplies.choice.istio;
    // Another node image says less: it has the images of Istio in it.
    if (before !== supplies.choice.istio)
      say.note(`Istio ${before} was brought up here, ${supplies.choice.istio} is wanted`);
    return provider.ensure(boot, say);
  });
  return progress.phase('Istio', (say) => installIstio(options, access, supplies, say));
}

/** Puts the apps' images into the cluster and the apps into the namespaces of `workers` workers. */
export async function deployApps(options: ClusterOptions, workers: number, progress: Progress): Promise<ClusterHandle> {
  const handle = await currentHandle(options);
  return progress.phase('apps', async (say) => {
    const ready = { ...handle, images: await loadApps(handle, say) };
    await writeHandle(handlePath(options), ready);
    const kube = await connect(ready);
    await ensureSlots(kube, ready, workers, newRun(), say);
    await kube.close();
    return ready;
  });
}

/** Builds the apps' images where they are missing or old, and gives them to the cluster. Returns their names there by app. */
export async function loadApps(handle: ClusterHandle, say: Say): Promise<Record<string, string>> {
  const images = { ...(await buildAppImages(handle.appBase, say)), ...handle.foreignApps };
  const kube = await connect(handle);
  const loader = await loaderFor(kube, handle.appImages);
  // What stands outside the cluster has no manifest, and no business inside.
  const inside = Object.entries(images).filter(([app]) => existsSync(join(projectRoot, 'apps', app, 'k8s.yaml')));
  const named = inside.map(([app, reference]) => ({ app, reference, name: loader.nameFor(reference) }));
  await loader.load(named, say);
  await kube.close();
  return { ...images, ...Object.fromEntries(named.map(({ app, name }) => [app, name])) };
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
    next: nextWithout(options),
  });
}

function nextWithout(options: ClusterOptions): string {
  const same = sameCluster(options);
  const made = `\`npm run up${same}\` makes one; \`npm run e2e${same}\` does everything`;
  if (options.context === undefined) return made;
  return options.kubeconfig === undefined
    ? `where another kubeconfig was named for it, name it again: --kubeconfig FILE; else \`npm run up${same}\` prepares it`
    : `\`npm run up${same}\` prepares it`;
}

/** The provider that these options mean. */
export async function providerFor(options: ClusterOptions): Promise<ClusterProvider> {
  if (options.context === undefined) return new KindProvider(options.cluster);
  const known = await knownHandle(options);
  return new ExistingProvider({
    context: options.context,
    kubeconfig: kubeconfigOf(options),
    istioctl: known?.istioctl,
    istio: chooseIstio(options.istio),
    registry: options.appImages ?? known?.appImages,
  });
}

/** Where the images are to come from, which is a matter of what is there as well. */
export async function wishOf(options: ClusterOptions): Promise<Wish> {
  const known = await knownHandle(options);
  const there = known?.owned !== true || (await hasNode(options.cluster));
  return { images: options.images, before: there ? sourceOf(known) : undefined };
}

/** One that is stopped has been there, and is made anew of the same. */
async function hasNode(cluster: string): Promise<boolean> {
  return (await reachEngine()) !== undefined && (await lookAtNode(cluster)).state !== 'absent';
}

/** What an earlier run wrote down of this cluster. What another release of the harness wrote is as good as nothing: it is written anew. */
async function knownHandle(options: ClusterOptions): Promise<ClusterHandle | undefined> {
  return existsSync(handlePath(options)) ? readHandle(handlePath(options)).catch(() => undefined) : undefined;
}

async function hasGateway(kube: Kube): Promise<boolean> {
  const pods = await readyPodsOf(kube, { namespace: ISTIO_NAMESPACE });
  return pods.some(({ containers }) => containers.includes('istio-proxy'));
}

async function installIstio(
  options: ClusterOptions,
  access: ClusterAccess,
  { source, choice, binaries, node, istio: images, appBase, foreignApps }: Supplies,
  say: Say,
): Promise<ClusterHandle> {
  const kube = await connect(access);
  const owned = access.provider === 'kind';
  const known = await knownHandle(options);
  const appImages = options.appImages ?? known?.appImages;
  const loader = await loaderFor(kube, appImages);
  const istio = loader.istio(images);
  const found = await installed(kube);
  if (found === undefined || owned || isOurs(found)) await loader.load([istio.pilot, istio.proxy], say);
  const wanted = {
    ...binaries,
    ...access,
    version: choice.istio,
    hub: istio.hub,
    tag: istio.tag,
    upstreamEnvoy: source.upstreamEnvoy,
    owned,
  };
  await ensureIstio(kube, wanted, say);
  // Somebody else's may have its gateways elsewhere, and no proxy to be proved by before there are slots.
  if (found === undefined || owned || isOurs(found) || (await hasGateway(kube)))
    await proveIstio(wanted, choice.istio, say);
  else say.note(`no proxy runs in ${ISTIO_NAMESPACE} by which Istio could be proved: I01 does, by those of the slots`);
  const hub = istio.hub === undefined ? {} : { hub: istio.hub };
  const boot = {
    kind: binaries.kind,
    node,
    ownNetwork: source.ownNetwork,
    istio: { images: [istio.pilot, istio.proxy], tag: istio.tag, ...hub },
  };
  const handle: ClusterHandle = {
    ...access,
    istioctl: binaries.istioctl,
    istioVersion: choice.istio,
    kubernetesVersion: owned ? choice.kubernetes : await kube.version(),
    upstreamEnvoy: source.upstreamEnvoy,
    owned,
    appBase,
    ...(appImages === undefined ? {} : { appImages }),
    ...(owned ? { boot } : {}),
    foreignApps: { ...foreignApps },
    images: known?.images ?? {},
  };
  await writeHandle(handlePath(options), handle);
  await kube.close();
  return handle;
}
