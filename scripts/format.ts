import { Command } from 'commander';
import { run } from '../mesh/command.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';

await main(
  new Command('format').description('Formats the sources').action(async () => {
    await run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level', 'warn', '.'], {
      doing: 'Formatting the sources',
      cwd: projectRoot,
    });
  }),
);
