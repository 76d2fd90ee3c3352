import { Command } from 'commander';
import { execa } from 'execa';
import { mortal } from '../mesh/command.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { interruption } from '../mesh/interruption.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';

const command = new Command('test')
  .description("The harness's own tests: types, lint, format, and tests without a cluster")
  .argument('[vitest...]', 'passed on to vitest')
  .allowUnknownOption();

await main(
  command.action(async (args: readonly string[]) => {
    const checked = await step(['scripts/check.ts']);
    const tested = await step(['node_modules/vitest/vitest.mjs', 'run', ...args]);
    process.exitCode = checked && tested ? exitCodes.passed : exitCodes.red;
  }),
);

async function step(args: readonly string[]): Promise<boolean> {
  const [file, fileArgs] = mortal(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
  const { exitCode } = await execa(file, fileArgs, {
    cwd: projectRoot,
    stdio: 'inherit',
    reject: false,
    cancelSignal: interruption.signal,
  });
  return exitCode === 0;
}
