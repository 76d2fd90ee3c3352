import { Command } from 'commander';
import { demandFit, examine, inLines } from '../mesh/machine/doctor.ts';
import { main } from './command.ts';
import { type ClusterOptions, withCluster, withVersions } from './options.ts';
import { wishOf } from './steps.ts';

const command = withVersions(
  withCluster(
    new Command('doctor').description(
      'Says what this machine can and cannot do, and what to do about it; changes nothing',
    ),
  ),
);

await main(
  command.action(async (options: ClusterOptions) => {
    const checks = await examine(await wishOf(options), options.context === undefined ? options.cluster : undefined);
    console.log(inLines(checks));
    demandFit(checks);
  }),
);
