import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { KindProvider } from '../mesh/cluster/kind.ts';
import { ownedClusters } from '../mesh/cluster/kind-node.ts';
import { reachEngine } from '../mesh/engine/engine.ts';
import { stopOwnEngine } from '../mesh/engine/start.ts';
import { HarnessError } from '../mesh/errors.ts';
import { cacheRoot, clusterPath } from '../mesh/paths.ts';
import type { Say } from '../mesh/say.ts';
import { removeMadeImages } from '../mesh/source/packages/image.ts';
import { main } from './command.ts';
import { type ClusterOptions, recordName, withCluster } from './options.ts';
import { Progress } from './progress.ts';
import { lock, providerFor } from './steps.ts';

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

async function removeEverything(say: Say): Promise<readonly string[]> {
  const gone: string[] = [];
  if ((await reachEngine()) !== undefined) {
    for (const name of await ownedClusters()) gone.push(...(await new KindProvider(name).remove(say)));
    gone.push(...(await removeMadeImages(say)));
    gone.push(...(await stopEngine()));
  }
  await rm(cacheRoot, { recursive: true, force: true });
  return [...gone, `the cache at ${cacheRoot}`];
}

/** Without an engine a cluster cannot be seen, and must not be taken for gone. */
async function demandEngine(options: ClusterOptions): Promise<void> {
  if (!existsSync(clusterPath(recordName(options), 'kind.yaml')) || (await reachEngine()) !== undefined) return;
  throw new HarnessError({
    code: 'ENGINE_UNREACHABLE',
    blame: 'environment',
    doing: `Removing cluster ${options.cluster}`,
    expected: 'the Docker engine that its node is in',
    seen: 'no engine answers',
    next: 'start the engine, then run this again',
  });
}

async function stopEngine(): Promise<readonly string[]> {
  return (await stopOwnEngine()) ? ['the Docker engine that the harness had started'] : [];
}

await main(
  command.action(async (options: ClusterOptions & { readonly all?: true; readonly engine?: true }) => {
    using _ = lock(options);
    const removed = await new Progress().phase('down', async (say) => {
      const provider = await providerFor(options);
      await demandEngine(options);
      const gone = await provider.remove(say);
      await rm(clusterPath(recordName(options)), { recursive: true, force: true });
      if (options.all === true) return [...gone, ...(await removeEverything(say))];
      return options.engine === true ? [...gone, ...(await stopEngine())] : gone;
    });
    console.log(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}`);
  }),
);
