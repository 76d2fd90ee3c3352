import { once } from 'node:events';
import { Command } from 'commander';
import { exitCodes } from '../mesh/exit-codes.ts';
import { interruption } from '../mesh/interruption.ts';
import { connect } from '../mesh/kube/kube.ts';
import { openDoor } from '../mesh/look/door.ts';
import { demandPage, pageNames, placeOf } from '../mesh/look/places.ts';
import { main } from './command.ts';
import { type ClusterOptions, withCluster } from './options.ts';
import { currentHandle } from './steps.ts';

const command = withCluster(
  new Command('look')
    .description('Opens a way to a page in the cluster, on a free port of this machine, until Ctrl-C')
    .argument('<page>', `one of ${pageNames.join(', ')}`),
);

// Without the cluster's lock: one may look while the suites are at work.
await main(
  command.action(async (page: string, options: ClusterOptions) => {
    demandPage(page);
    const kube = await connect(await currentHandle(options));
    await using door = await openDoor(kube.rest, await placeOf(kube, page));
    console.log(`${page} is at ${door.address}\nCtrl-C closes it.`);
    if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
    // Ctrl-C is how one stops looking, and interrupts nothing.
    process.exit(exitCodes.passed);
  }),
);
