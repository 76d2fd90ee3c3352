import { Command } from 'commander';
import { exitCodes } from '../mesh/exit-codes.ts';
import { bringAddOns } from './add-ons.ts';
import { main } from './command.ts';
import { type ClusterOptions, sameCluster, withCluster } from './options.ts';
import { Progress } from './progress.ts';
import { currentHandle, lock } from './steps.ts';

const command = withCluster(
  new Command('addons').description(
    'Prometheus, Zipkin and, where image registries answer, Jaeger, Grafana and Kiali beside the mesh',
  ),
);

await main(
  command.action(async (options: ClusterOptions) => {
    using _ = lock(options);
    const handle = await currentHandle(options);
    const progress = new Progress();
    const states = await progress.phase('add-ons', (say) => bringAddOns(handle, say));
    console.log(
      `\n${progress.table()}\n\nTo look at one: npm run look -- prometheus${sameCluster(options).replace(' --', '')}`,
    );
    const failed = Object.values(states).some(({ state }) => state === 'failed');
    if (failed) process.exitCode = exitCodes.environment;
  }),
);
