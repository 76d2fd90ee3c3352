import { Command } from 'commander';
import { afterwards, tellKept } from './afterwards.ts';
import { main } from './command.ts';
import { writeCoverage } from './coverage.ts';
import { type ClusterOptions, withCluster } from './options.ts';
import { play } from './play.ts';
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
    if (!looks) await clearReport(report);
    const handle = await currentHandle(options);
    process.exitCode = (
      await play({ args, handle: handlePath(options), workers, report, env: environmentOf(options) })
    ).exitCode;
    await afterwards([
      // Whoever only looks around leaves the verdicts as they were.
      ...(looks ? [] : [() => writeCoverage(report)]),
      ...(options.keep === true ? [() => tellKept(handle)] : []),
    ]);
  }),
);
