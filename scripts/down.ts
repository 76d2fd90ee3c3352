import { readdir, rm, rmdir } from 'node:fs/promises';
import { Command } from 'commander';
import { isRecorded, KindProvider } from '../mesh/cluster/kind.ts';
import { ownedClusters } from '../mesh/cluster/kind-node.ts';
import { removeSpare } from '../mesh/cluster/spare.ts';
import { reachEngine } from '../mesh/engine/engine.ts';
import { ensureEngine, stopOwnEngine } from '../mesh/engine/start.ts';
import { HarnessError } from '../mesh/errors.ts';
import { Lock } from '../mesh/lock.ts';
import { CACHE_PARTS, cachePath, cacheRoot, clusterPath } from '../mesh/paths.ts';
import { removeOutsideServers } from '../mesh/outside/leftovers.ts';
import type { Say } from '../mesh/say.ts';
import { removeUnfinished } from '../mesh/source/packages/node-image.ts';
import { cacheLock, lockCache } from '../mesh/source/store.ts';
import { unmountBelow } from '../mesh/source/packages/rootfs.ts';
import { removeMadeImages } from '../mesh/source/packages/image.ts';
import { newRun } from '../mesh/world/run.ts';
import { main } from './command.ts';
import { type ClusterOptions, recordName, withCluster } from './options.ts';
import { Progress } from './progress.ts';
import { lock, lockPath, providerFor } from './steps.ts';

const command = withCluster(
  new Command('down').description(
    'Takes away what the harness made: the cluster, or its part of a cluster named by --context',
  ),
)
  .option(
    '--all',
    'also every other cluster of the harness, its images and cache, and the engine if the harness started it',
  )
  .option('--engine', 'also stop the engine if the harness started it; images and cache stay');

/** Everything of this cache. Whoever works with a part of it holds that part's lock, and is not disturbed: all are taken before anything is removed. */
async function removeEverything(done: string, say: Say): Promise<readonly string[]> {
  using locks = new DisposableStack();
  locks.use(await lockCache(say));
  locks.use(await lockCache(say, 'prometheus'));
  for (const name of (await recorded()).filter((name) => name !== done)) locks.use(lock({ cluster: name }));
  const gone: string[] = [];
  if ((await reachEngine()) !== undefined) {
    for (const name of await ownedClusters()) gone.push(...(await new KindProvider(name).remove(say)));
    await removeUnfinished();
    gone.push(...(await removeMadeImages(say)), ...(await stopEngine()));
  } else if ((await recorded()).some(isRecorded)) throw silent();
  await unmountBelow(cachePath('rootfs'));
  for (const part of CACHE_PARTS) await rm(cachePath(part), { recursive: true, force: true });
  // Not where it holds something else: then it is the user's.
  await rmdir(cacheRoot).catch(() => undefined);
  return [...gone, `the cache at ${cacheRoot}`];
}

/** Of which clusters this cache knows anything. */
function recorded(): Promise<readonly string[]> {
  return readdir(cachePath('clusters')).catch(() => []);
}

/** Without an engine a cluster cannot be seen, and must not be taken for gone. */
async function demandEngine(clusters: readonly string[], say: Say): Promise<void> {
  if (clusters.some(isRecorded)) await ensureEngine(say);
}

function silent(): HarnessError {
  return new HarnessError({
    code: 'ENGINE_SILENT',
    blame: 'environment',
    doing: 'Looking for the clusters of this cache',
    expected: 'the Docker engine to answer, as it did before',
    seen: 'it does not',
    next: 'see what became of it, and run this again',
  });
}

/** Others with this cache may just be building images, or be about to make a cluster: no container shows that. */
async function stopUnusedEngine(done: string): Promise<readonly string[]> {
  using locks = new DisposableStack();
  const others = (await recorded()).filter((name) => name !== done).map(lockPath);
  for (const path of [...others, cacheLock('build'), cacheLock('prometheus')]) {
    const lock = Lock.take(path);
    if (!(lock instanceof Lock)) {
      console.log(`The Docker engine goes on: somebody else is at work (${lock.heldBy}).`);
      return [];
    }
    locks.use(lock);
  }
  return await stopEngine();
}

async function stopEngine(): Promise<readonly string[]> {
  const became = await stopOwnEngine();
  if (became === 'in use') console.log('The Docker engine goes on: containers run in it.');
  return became === 'stopped' ? ['the Docker engine that the harness had started'] : [];
}

await main(
  command.action(async (options: ClusterOptions & { readonly all?: true; readonly engine?: true }) => {
    using _ = lock(options);
    const removed = await new Progress().phase('down', async (say) => {
      const provider = await providerFor(options);
      const own = options.context === undefined ? [options.cluster] : [];
      await demandEngine(options.all === true ? await recorded() : own, say);
      const gone = [...(await removeSpare(recordName(options), say)), ...(await provider.remove(say))];
      await removeOutsideServers(newRun(), say);
      await rm(clusterPath(recordName(options)), { recursive: true, force: true });
      if (options.all === true) return [...gone, ...(await removeEverything(recordName(options), say))];
      return options.engine === true ? [...gone, ...(await stopUnusedEngine(recordName(options)))] : gone;
    });
    console.log(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}`);
  }),
);
