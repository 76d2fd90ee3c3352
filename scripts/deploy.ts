import { Command } from 'commander';
import { main } from './command.ts';
import { type ClusterOptions, withCluster, withWorkers } from './options.ts';
import { Progress } from './progress.ts';
import { deployApps, lock } from './steps.ts';

const command = withWorkers(
  withCluster(new Command('deploy').description('Builds the demo apps and puts them into a namespace for each worker')),
);

await main(
  command.action(async (options: ClusterOptions & { readonly workers: number }) => {
    using _ = lock(options);
    const progress = new Progress();
    const handle = await deployApps(options, options.workers, progress);
    console.log(`\nApps for ${options.workers} workers are ready on ${handle.name}\n${progress.table()}`);
  }),
);
