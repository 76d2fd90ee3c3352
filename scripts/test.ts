import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { z } from 'zod';
import { mortal } from '../mesh/command.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { interruption } from '../mesh/interruption.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';
import { type Summary, writeSummary } from './summary.ts';

const resultSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numFailedTestSuites: z.number(),
});

const command = new Command('test')
  .description("The harness's own tests: types, lint, format, and tests without a cluster")
  .argument('[files...]', 'only test files whose path contains one of these')
  .option('--summary <file>', 'also write the counts there, as JSON');

await main(
  command.action(async (files: readonly string[], { summary }: { readonly summary?: string }) => {
    const checked = (await step(['scripts/check.ts'])) === 0;
    const tested = await vitest(files);
    const total = { ...tested, ...(checked ? { passed: tested.passed + 1 } : { failed: tested.failed + 1 }) };
    if (summary !== undefined) await writeSummary(summary, total);
    process.exitCode = total.failed === 0 ? exitCodes.passed : exitCodes.red;
  }),
);

/** A file that could not even be loaded, and a run that found no test, count as failures. */
async function vitest(files: readonly string[]): Promise<Summary> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-e2e-test-'));
  const output = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
    const exitCode = await step(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...files]);
    const seen = resultSchema.parse(JSON.parse(await readFile(output, 'utf8')));
    const failed = Math.max(
      seen.numFailedTests,
      seen.numFailedTestSuites > 0 && seen.numFailedTests === 0 ? 1 : 0,
      exitCode === 0 ? 0 : 1,
    );
    return { passed: seen.numPassedTests, failed, skipped: seen.numPendingTests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function step(args: readonly string[]): Promise<number> {
  const [file, fileArgs] = mortal(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
  const options = { cwd: projectRoot, stdio: 'inherit', reject: false, cancelSignal: interruption.signal } as const;
  return (await execa(file, fileArgs, options)).exitCode ?? exitCodes.environment;
}
