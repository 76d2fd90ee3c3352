import { Command } from 'commander';
import { demandFit, examine, inLines } from '../mesh/machine/doctor.ts';
import { main } from './command.ts';
import { type ClusterOptions, withCluster, withVersions } from './options.ts';

const command = withVersions(
  withCluster(
    new Command('doctor').description(
      'Says what this machine can and cannot do, and what to do about it; changes nothing',
    ),
  ),
);

await main(
  command.action(async ({ images, cluster, context }: ClusterOptions) => {
    const checks = await examine(images, context === undefined ? cluster : undefined);
    console.log(inLines(checks));
    demandFit(checks);
  }),
);
