import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { HarnessError } from '../mesh/errors.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { loadMutants, MUTANTS_VARIABLE } from '../mesh/mutants/load.ts';
import type { PlacedMutant } from '../mesh/mutants/mutant.ts';
import { type Outcome, outcomeOf, renderOutcomes } from '../mesh/mutants/outcome.ts';
import { projectRoot } from '../mesh/paths.ts';
import { PROBATION_VARIABLE } from '../mesh/world/run.ts';
import { main } from './command.ts';
import { type ClusterOptions, pattern, withCluster, withWorkers } from './options.ts';
import { play } from './play.ts';
import { endingsIn, summarize } from './results.ts';
import { currentHandle, handlePath, lock } from './steps.ts';

interface SelftestOptions extends ClusterOptions {
  readonly workers: number;
  readonly all?: true;
  readonly grep?: string;
  readonly report: string;
}

const command = withWorkers(
  withCluster(
    new Command('selftest').description('Breaks each scenario on purpose, and sees whether its test notices'),
  ),
)
  .option('--all', 'every mutant, not only one for each scenario')
  .option('--grep <pattern>', 'only mutants whose scenario or id fits: --grep T05', pattern('--grep'))
  .option('--report <folder>', 'where the table goes', join(projectRoot, 'report', 'selftest'));

await main(
  command.action(async (options: SelftestOptions) => {
    const mutants = chosen(await loadMutants(), options);
    using _ = lock(options);
    await currentHandle(options);
    const { report, workers } = options;
    await mkdir(report, { recursive: true });
    const file = join(report, 'mutants.json');
    await writeFile(file, JSON.stringify(mutants, undefined, 1));
    await play({
      args: [],
      handle: handlePath(options),
      workers,
      report,
      env: { [MUTANTS_VARIABLE]: file, [PROBATION_VARIABLE]: 'yes' },
    });
    const results: unknown = JSON.parse(await readFile(join(report, 'results.json'), 'utf8'));
    const endings = endingsIn(results);
    const { outside } = summarize(results);
    const outcomes = mutants.map((mutant) => outcomeOf(mutant, endings.get(mutant.id)));
    const table = renderOutcomes(outcomes);
    await writeFile(join(report, 'selftest.md'), table);
    console.log(`\n${table}`);
    for (const message of outside) console.error(`\nOutside of any mutant: ${message}`);
    const code = exitCodeFor(outcomes);
    process.exitCode = code === exitCodes.passed && outside.length > 0 ? exitCodes.environment : code;
  }),
);

function chosen(mutants: readonly PlacedMutant[], { all, grep }: SelftestOptions): readonly PlacedMutant[] {
  const pattern = new RegExp(grep ?? '');
  // By the id, or by the tag that `suites` takes.
  const names = ({ scenario, id }: PlacedMutant) => [`${scenario} ${id}`, `@${scenario}`];
  const fitting = mutants.filter((mutant) => names(mutant).some((name) => pattern.test(name)));
  const those = fitting.filter(({ quick }) => all === true || grep !== undefined || quick);
  // By scenario: those that measure time come last, when what is slow is over.
  const inTurn = (a: PlacedMutant, b: PlacedMutant) =>
    Number(b.slow) - Number(a.slow) || a.scenario.localeCompare(b.scenario);
  if (those.length > 0) return those.toSorted(inTurn);
  throw new HarnessError({
    code: 'NO_MUTANT',
    blame: 'usage',
    doing: 'Choosing mutants',
    expected: 'a filter that fits at least one',
    seen: `${grep ?? 'the quick set'} fits none of ${mutants.length}`,
    next: 'a mutant is chosen by its scenario or its id: --grep T05',
  });
}

/** A test that does not notice is red; one that could not be judged says nothing, which is no proof either, and nor is nothing but skipped ones. */
function exitCodeFor(outcomes: readonly Outcome[]): number {
  const fates = new Set(outcomes.map(({ fate }) => fate));
  if (fates.has('survived') || fates.has('mistaken')) return exitCodes.red;
  const nothing = fates.size === 1 && fates.has('skipped');
  return nothing || fates.has('unjudged') ? exitCodes.environment : exitCodes.passed;
}
