import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { HarnessError, messageOf } from '../mesh/errors.ts';
import { END_FILE, EVIDENCE, RUN_FILE, runSchema } from '../mesh/evidence/record.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { main } from './command.ts';
import { compare, isJudged, renderComparison, type Side, sideIn } from './comparison.ts';
import { fromWhereTheUserStands } from './options.ts';

const RESULTS = 'results.json';

const command = new Command('compare')
  .description('Names the tests that ended otherwise in the second of two reports; needs no cluster')
  .argument('<before>', 'report of the first run, as of the release that is in use')
  .argument('<after>', 'report of the second run');

await main(
  command.action(async (before: string, after: string) => {
    const sides = [await read(before), await read(after)] as const;
    const { differences, ...counts } = compare(...sides);
    const red = differences.some(({ change }) => change === 'turned red');
    const trouble = troubleOf(sides[1]);
    if (!red && trouble === undefined && counts.common === 0) throw nothingInCommon(sides);
    console.log(
      sides.map(({ folder, about }, index) => `${index === 0 ? 'before' : 'after'}: ${about} (${folder})`).join('\n'),
    );
    if (trouble !== undefined) console.log(`\nThe second run was disturbed: ${trouble}`);
    process.stdout.write(`\n${renderComparison({ differences, ...counts })}`);
    process.exitCode = red ? exitCodes.red : trouble !== undefined ? exitCodes.environment : exitCodes.passed;
  }),
);

interface Named extends Side {
  readonly folder: string;
  /** `Istio 1.31.1 with its own proxy, Kubernetes 1.36.3` */
  readonly about: string;
  /** It was stopped before its last test. */
  readonly cutOff: boolean;
}

/** Why a run that was to be judged cannot vouch for what it did not judge: it broke as a whole, or was stopped. */
function troubleOf({ run, cutOff }: Named): string | undefined {
  if (!isJudged(run)) return run.note;
  return cutOff ? 'it did not come to its end' : undefined;
}

/** @throws HarnessError NO_REPORT, or REPORT_UNREADABLE */
async function read(named: string): Promise<Named> {
  const folder = fromWhereTheUserStands(named);
  const results = join(folder, RESULTS);
  if (!existsSync(results)) throw noReport(folder);
  try {
    const side = sideIn(JSON.parse(await readFile(results, 'utf8')));
    return { folder, about: await aboutOf(folder), cutOff: wasCutOff(folder), ...side };
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** The versions, which a run that has come as far as its evidence notes there; and whose Envoy it was, since that is no less a part of it. */
async function aboutOf(folder: string): Promise<string> {
  const file = join(folder, EVIDENCE, RUN_FILE);
  if (!existsSync(file)) return 'it does not say of which versions';
  const { istio, kubernetes, upstreamEnvoy } = runSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  return `Istio ${istio} with ${upstreamEnvoy ? "upstream's Envoy" : 'its own proxy'}, Kubernetes ${kubernetes}`;
}

/** One that began its evidence, and did not end it. */
function wasCutOff(folder: string): boolean {
  const kept = (name: string) => existsSync(join(folder, EVIDENCE, name));
  return kept(RUN_FILE) && !kept(END_FILE);
}

function noReport(folder: string): HarnessError {
  const there = statSync(folder, { throwIfNoEntry: false });
  return new HarnessError({
    code: 'NO_REPORT',
    blame: 'usage',
    doing: `Reading the report in ${folder}`,
    expected: `the report of a run of the suites, with its ${RESULTS}`,
    seen: there === undefined ? 'no such folder' : there.isDirectory() ? `no ${RESULTS} in it` : 'it is a file',
    next: 'name the folder that --report named for that run; where the run ended before its suites did, run it again',
  });
}

function unreadable(folder: string, cause: unknown): HarnessError {
  return new HarnessError({
    code: 'REPORT_UNREADABLE',
    blame: 'usage',
    doing: `Reading the report in ${folder}`,
    expected: 'the report of a run that came to its end, as this release writes it',
    seen: cause instanceof SyntaxError ? messageOf(cause) : 'a file of another form',
    next: 'run it again, or compare it with the release that wrote it',
    cause,
  });
}

function nothingInCommon([before, after]: readonly [Named, Named]): HarnessError {
  return new HarnessError({
    code: 'NOTHING_IN_COMMON',
    blame: 'usage',
    doing: `Comparing ${after.folder} with ${before.folder}`,
    expected: 'at least one test that both runs judged',
    seen: `none, of ${before.tests.size} in the first and ${after.tests.size} in the second`,
    next: 'run the same tests for both reports, with the same --grep',
  });
}
