import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { HANDLE_VARIABLE } from '../mesh/cluster/handle.ts';
import { mortal } from '../mesh/command.ts';
import { HarnessError } from '../mesh/errors.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { interruption } from '../mesh/interruption.ts';
import { demandRoom } from '../mesh/machine/room.ts';
import { projectRoot } from '../mesh/paths.ts';
import { newRun, RUN_VARIABLE } from '../mesh/world/run.ts';
import { clearReport } from './report-folder.ts';
import { readResults } from './results.ts';

export interface Played {
  readonly passed: number;
  readonly failed: number;
  /** Those that say why they do not run here. */
  readonly skipped: number;
  /** Those before, or in, which the run ended. */
  readonly notReached: number;
  readonly exitCode: number;
}

/** What has been counted where nothing was. */
export const nothingCounted = { passed: 0, failed: 0, skipped: 0, notReached: 0 };

export interface Play {
  /** Arguments for `playwright test`. */
  readonly args: readonly string[];
  /** The cluster's record; undefined only where no test is run. */
  readonly handle?: string;
  readonly workers: number;
  /** Folder for everything that is reported. */
  readonly report: string;
  /** What else the configuration is told. */
  readonly env?: Readonly<Record<string, string>>;
  /** File for what it prints, where that is not for the terminal. */
  readonly output?: string;
}

/** MiB that a run may well report, and without which it reports nothing whole. */
const ROOM = 8;
const playwright = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');

/** Runs the suites in Playwright, with its output going straight to the terminal or into a file. */
export async function play({ args, handle, workers, report, env = {}, output }: Play): Promise<Played> {
  const looks = args.includes('--list') || args.includes('--ui');
  // The reporters of playwright.config.ts would write a list, in which nothing was run, over the report of a run.
  const told = args.includes('--list') ? ['--reporter=list'] : [];
  const [file, fileArgs] = mortal(process.execPath, [playwright, 'test', `--workers=${workers}`, ...args, ...told]);
  const results = join(report, 'results.json');
  if (handle !== undefined) await demandRoom(report, ROOM, 'Looking for room to report in');
  if (!looks) await clearReport(report);
  const { exitCode } = await execa(file, fileArgs, {
    cwd: projectRoot,
    ...(output === undefined
      ? ({ stdio: 'inherit' } as const)
      : ({ stdin: 'ignore', stdout: { file: output }, stderr: { file: output } } as const)),
    reject: false,
    cancelSignal: interruption.signal,
    // Playwright ends its tests and gives everything back on this signal, and only on this one.
    killSignal: 'SIGINT',
    forceKillAfterDelay: 30_000,
    env: {
      ...env,
      ISTIO_E2E_WORKERS: String(workers),
      ISTIO_E2E_REPORT: report,
      [RUN_VARIABLE]: JSON.stringify(newRun()),
      ...(handle === undefined ? {} : { [HANDLE_VARIABLE]: handle }),
    },
  });
  if (interruption.signal.aborted) throw interruption.signal.reason as Error;
  if (looks) return { ...nothingCounted, exitCode: exitCode === 0 ? exitCodes.passed : exitCodes.usage };
  // What it says there must be whole, or it is nothing.
  if (exitCode !== 0 || !existsSync(results)) await demandRoom(report, 1, 'Reading the report of this run');
  return counted(results, exitCode ?? exitCodes.environment, args);
}

/** @throws HarnessError NO_SCENARIO where a filter fits nothing, before anybody has waited for a cluster */
export async function demandScenarios(args: readonly string[]): Promise<void> {
  if (args.length === 0) return;
  const list = [playwright, 'test', '--list', '--reporter=line', ...args];
  const { exitCode } = await execa(process.execPath, list, {
    cwd: projectRoot,
    stdio: 'ignore',
    reject: false,
    cancelSignal: interruption.signal,
  });
  if (exitCode !== 0) throw noScenario(args);
}

/** What a run has come to by what it reported, where its process ended so. */
export async function counted(path: string, exitCode: number, args: readonly string[]): Promise<Played> {
  if (!existsSync(path)) throw nothingRan(['Playwright wrote no results']);
  const { outside, notJudged, outsideNotJudged, ...counts } = await readResults(path);
  const { passed, failed, skipped } = counts;
  if (outside.some((message) => message.includes('No tests found'))) throw noScenario(args);
  if (passed + failed === 0 && outside.length > 0 && outsideNotJudged === outside.length) throw nothingRan(outside);
  if (exitCode === 0) return { ...counts, exitCode: passed > 0 ? exitCodes.passed : nothingJudged(skipped) };
  const red = failed + outside.length === 0 || notJudged < failed || outsideNotJudged < outside.length;
  return { ...counts, exitCode: red ? exitCodes.red : exitCodes.environment };
}

/** Whoever chose only what does not run here has learnt nothing of the mesh. */
function nothingJudged(skipped: number): number {
  console.error(
    `Nothing was judged: all ${skipped} tests that were chosen are skipped, for the reasons that the report names.`,
  );
  return exitCodes.environment;
}

function noScenario(args: readonly string[]): HarnessError {
  return new HarnessError({
    code: 'NO_SCENARIO',
    blame: 'usage',
    doing: 'Choosing scenarios',
    expected: 'a filter that fits at least one',
    seen: `${args.join(' ')} fits none`,
    next: '`npm run suites -- --list` shows them all; a scenario is chosen by its id: --grep @T05',
  });
}

function nothingRan(messages: readonly string[]): HarnessError {
  return new HarnessError({
    code: 'NOTHING_RAN',
    blame: 'environment',
    doing: 'Running the suites',
    expected: 'at least one test to be judged',
    seen: messages[0]?.split('\n')[0] ?? 'an error without words',
    next: 'see the lines above; `npm run deploy` prepares the cluster',
  });
}
