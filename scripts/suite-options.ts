import type { Command } from 'commander';
import { join } from 'node:path';
import { projectRoot } from '../mesh/paths.ts';
import { KEEP_VARIABLE, NO_ADD_ONS_VARIABLE, PROBATION_VARIABLE } from '../mesh/world/run.ts';
import { atLeastOne, pattern, shard, withWorkers } from './options.ts';

export interface SuiteOptions {
  readonly workers: number;
  readonly grep?: string;
  readonly grepInvert?: string;
  readonly repeatEach?: number;
  readonly shard?: string;
  readonly shuffle?: string;
  readonly list?: true;
  readonly ui?: true;
  readonly keep?: true;
  readonly probation?: true;
  /** False with --no-addons. */
  readonly addons?: boolean;
  readonly report: string;
}

/** The options by which a run of the suites is chosen and shaped; they are Playwright's own, under its own names. */
export function withSuites(command: Command): Command {
  return withWorkers(command)
    .option('--grep <pattern>', 'only scenarios whose title or tag fits: --grep @T05', pattern('--grep'))
    .option('--grep-invert <pattern>', 'all scenarios but these', pattern('--grep-invert'))
    .option('--repeat-each <count>', 'run each so many times', atLeastOne('--repeat-each'))
    .option('--shard <part/of>', 'run one part of the list: --shard 1/3', shard)
    .option('--shuffle <seed>', 'in a random order, which is the same again for the same seed')
    .option(
      '--keep',
      'stop at the first failure, leave the rules of the last test of each worker in force and say how to look at them',
    )
    .option('--probation', 'also what is not yet trusted with a verdict; what --grep names runs anyway')
    .option('--no-addons', 'without Prometheus, Zipkin and their like; what needs them is skipped')
    .option('--report <folder>', 'where the reports go', join(projectRoot, 'report'));
}

export function playwrightArguments({
  grep,
  grepInvert,
  repeatEach,
  shard,
  shuffle,
  list,
  ui,
  keep,
}: SuiteOptions): string[] {
  return [
    ...(grep === undefined ? [] : ['--grep', grep]),
    ...(grepInvert === undefined ? [] : ['--grep-invert', grepInvert]),
    // Each time has the whole time of playwright.config.ts.
    ...(repeatEach === undefined
      ? []
      : ['--repeat-each', String(repeatEach), `--global-timeout=${repeatEach * 40 * 60_000}`]),
    ...(shard === undefined ? [] : ['--shard', shard]),
    ...(shuffle === undefined ? [] : [`--shuffle=${shuffle}`]),
    ...(list === true ? ['--list'] : []),
    // With a host it is served to whatever browser there is; without, only Playwright's own Chromium would do.
    ...(ui === true ? ['--ui', '--ui-host=127.0.0.1'] : []),
    // Whatever came after it in the same slot would take the failed test's rules away.
    ...(keep === true ? ['--max-failures=1'] : []),
  ];
}

/** What the options say to the workers. */
export function environmentOf({ keep, probation, grep, addons }: SuiteOptions): Readonly<Record<string, string>> {
  return {
    ...(keep === true ? { [KEEP_VARIABLE]: 'yes' } : {}),
    ...(addons !== false ? {} : { [NO_ADD_ONS_VARIABLE]: 'yes' }),
    ...(probation === true || grep !== undefined ? { [PROBATION_VARIABLE]: 'yes' } : {}),
  };
}
