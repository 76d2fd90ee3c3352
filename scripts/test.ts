import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Command } from 'commander';
import { execa } from 'execa';
import { z } from 'zod';
import { mortal } from '../mesh/command.ts';
import { firstLine } from '../mesh/errors.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { interruption } from '../mesh/interruption.ts';
import { projectRoot } from '../mesh/paths.ts';
import { main } from './command.ts';
import { type Red, type Summary, writeSummary } from './summary.ts';

const testSchema = z.object({
  status: z.string(),
  fullName: z.string(),
  failureMessages: z.array(z.string()).default([]),
});

const fileSchema = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string().default(''),
  assertionResults: z.array(testSchema).default([]),
});

const resultSchema = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(fileSchema).default([]),
});

const command = new Command('test')
  .description("The harness's own tests: types, lint, format, and tests without a cluster")
  .argument('[files...]', 'only test files whose path contains one of these')
  .option('--summary <file>', 'also write the counts there, as JSON');

await main(
  command.action(async (files: readonly string[], { summary }: { readonly summary?: string }) => {
    const checked = (await step(['scripts/check.ts'])) === 0;
    const tested = await vitest(files);
    const total = checked ? { ...tested, passed: tested.passed + 1 } : withUnchecked(tested);
    if (summary !== undefined) await writeSummary(summary, total);
    process.exitCode = total.red.length === 0 ? exitCodes.passed : exitCodes.red;
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
    const named = seen.testResults.flatMap(redIn);
    const red = named.length > 0 || exitCode === 0 ? named : [{ test: 'vitest', line: `ended with ${exitCode}` }];
    return { passed: seen.numPassedTests, skipped: seen.numPendingTests, red };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withUnchecked({ red, ...others }: Summary): Summary {
  const line = 'types, lint or format are wrong; its own lines say where';
  return { ...others, red: [{ test: 'npm run check', line }, ...red] };
}

/** What was red in one file: its tests, or the file itself where it could not be loaded. */
function redIn({ name, status, message, assertionResults }: z.infer<typeof fileSchema>): readonly Red[] {
  const file = relative(projectRoot, name);
  const failed = assertionResults.filter((one) => one.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [{ test: file, line: plain(message) }];
  return failed.map(({ fullName, failureMessages }) => ({
    test: `${file}: ${fullName}`,
    line: plain(failureMessages[0] ?? ''),
  }));
}

function plain(text: string): string {
  return firstLine(stripVTControlCharacters(text));
}

async function step(args: readonly string[]): Promise<number> {
  const [file, fileArgs] = mortal(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]);
  const options = { cwd: projectRoot, stdio: 'inherit', reject: false, cancelSignal: interruption.signal } as const;
  return (await execa(file, fileArgs, options)).exitCode ?? exitCodes.environment;
}
