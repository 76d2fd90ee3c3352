import { join } from 'node:path';
import { Command } from 'commander';
import { afterwards, tellKept } from './afterwards.ts';
import { main } from './command.ts';
import { writeCoverage } from './coverage.ts';
import { type ClusterOptions, withCluster } from './options.ts';
import { demandScenarios, play } from './play.ts';
import { clearReport } from './report-folder.ts';
import { currentHandle, handlePath, lock } from './steps.ts';
import { environmentOf, playwrightArguments, type SuiteOptions, withSuites } from './suite-options.ts';

const command = withSuites(withCluster(new Command('suites').description('Runs the suites on a cluster that is up')))
  .option('--list', 'only name the scenarios; needs no cluster')
  .option('--ui', "open Playwright's user interface");

await main(
  command.action(async (options: ClusterOptions & SuiteOptions) => {
    const args = playwrightArguments(options);
    const { workers, report } = options;
    if (options.list === true) {
      process.exitCode = (await play({ args, workers, report })).exitCode;
      return;
    }
    using _ = lock(options);
    const looks = options.ui === true;
    // A filter that is mistyped must not take the report of another run with it; nor may whoever looks around, perhaps for why that was red.
    if (!looks) await demandScenarios(args);
    const folder = looks ? join(report, 'ui') : report;
    await clearReport(folder);
    const handle = await currentHandle(options);
    process.exitCode = (
      await play({ args, handle: handlePath(options), workers, report: folder, env: environmentOf(options) })
    ).exitCode;
    await afterwards([
      // Whoever only looks around leaves the verdicts as they were.
      ...(looks ? [] : [() => writeCoverage(report)]),
      ...(options.keep === true ? [() => tellKept(handle)] : []),
    ]);
  }),
);
