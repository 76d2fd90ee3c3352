import { join } from 'node:path';
import { Command } from 'commander';
import { findEvidence, replay } from '../mesh/evidence/replay.ts';
import { renderReplay } from '../mesh/evidence/replay-table.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';
import { fromWhereTheUserStands } from './options.ts';

const command = new Command('replay')
  .description(
    'Takes every verdict of a run again, from its evidence alone, and sees whether it is the same; needs no cluster',
  )
  .argument('[folder]', 'report of the run, or its folder evidence', join(projectRoot, 'report'));

await main(
  command.action((folder: string) => {
    const evidence = findEvidence(fromWhereTheUserStands(folder));
    const all = replay(evidence);
    process.stdout.write(renderReplay(all));
    const agrees = all.length > 0 && all.every(({ fate }) => fate === 'agrees');
    process.exitCode = agrees ? exitCodes.passed : exitCodes.red;
  }),
);
