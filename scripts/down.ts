import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { KindProvider } from '../mesh/cluster/kind.ts';
import { ownedClusters } from '../mesh/cluster/kind-node.ts';
import { reachEngine } from '../mesh/engine/engine.ts';
import { stopOwnEngine } from '../mesh/engine/start.ts';
import { cacheRoot } from '../mesh/paths.ts';
import type { Say } from '../mesh/say.ts';
import { removeMadeImages } from '../mesh/source/packages/image.ts';
import { main } from './command.ts';
import { type ClusterOptions, withCluster } from './options.ts';
import { Progress } from './progress.ts';
import { lock, providerFor } from './steps.ts';

const command = withCluster(
  new Command('down').description(
    'Takes away what the harness made: the cluster, or its part of a cluster named by --context',
  ),
).option(
  '--all',
  'also every other cluster of the harness, its images and cache, and the engine if the harness started it',
);

async function removeEverything(say: Say): Promise<readonly string[]> {
  const gone: string[] = [];
  if ((await reachEngine()) !== undefined) {
    for (const name of await ownedClusters()) gone.push(...(await new KindProvider(name).remove(say)));
    gone.push(...(await removeMadeImages(say)));
    if (await stopOwnEngine()) gone.push('the Docker engine that it had started');
  }
  await rm(cacheRoot, { recursive: true, force: true });
  return [...gone, `the cache at ${cacheRoot}`];
}

await main(
  command.action(async (options: ClusterOptions & { readonly all?: true }) => {
    using _ = lock(options);
    const removed = await new Progress().phase('down', async (say) => {
      const provider = await providerFor(options);
      const gone = await provider.remove(say);
      return options.all === true ? [...gone, ...(await removeEverything(say))] : gone;
    });
    console.log(removed.length === 0 ? 'There was nothing to remove.' : `Removed: ${removed.join(', ')}`);
  }),
);
