import { Command } from 'commander';
import { run } from '../mesh/command.ts';
import { HarnessError } from '../mesh/errors.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';
import { readClaims, readTags, strayTags } from './coverage-rows.ts';
import { Progress } from './progress.ts';

const steps = {
  types: ['typescript/bin/tsc', '--noEmit', '-p', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
} as const;

const command = new Command('check').description('Types, lint, format and tags of this project, without tests');

await main(
  command.action(async () => {
    const checks = Object.entries(steps).map(([name, args]) => check(name, args));
    await new Progress().phase('check', () => Promise.all([...checks, checkTags()]));
  }),
);

async function check(name: string, [program, ...args]: readonly [string, ...string[]]): Promise<void> {
  await run(process.execPath, [`node_modules/${program}`, ...args], {
    doing: `Checking ${name}`,
    code: 'CHECK_FAILED',
    blame: 'red',
    cwd: projectRoot,
    next: name === 'format' ? '`npm run format` mends it' : 'mend what the lines above name',
  });
}

async function checkTags(): Promise<void> {
  const stray = strayTags(await readClaims(), await readTags());
  if (stray.length === 0) return;
  throw new HarnessError({
    code: 'CHECK_FAILED',
    blame: 'red',
    doing: 'Checking tags',
    expected: 'a row in docs/scenarios.md for every tag',
    seen: `none for ${stray.join(', ')}`,
    next: 'add the row that says what is claimed, or correct the tag',
  });
}
