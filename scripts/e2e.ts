import { join } from 'node:path';
import { Command } from 'commander';
import { keptInWords } from '../mesh/world/kept.ts';
import { demandFit, examine, inLines } from '../mesh/machine/doctor.ts';
import { HarnessError } from '../mesh/errors.ts';
import { bringAddOns } from './add-ons.ts';
import { withAppImages } from './app-images-option.ts';
import { main } from './command.ts';
import { writeCoverage } from './coverage.ts';
import { type ClusterOptions, withCluster, withVersions } from './options.ts';
import { demandScenarios, play } from './play.ts';
import { Progress } from './progress.ts';
import { readWhole } from './results.ts';
import { bringUp, deployApps, handlePath, lock } from './steps.ts';
import { writeSummary } from './summary.ts';
import { environmentOf, playwrightArguments, type SuiteOptions, withSuites } from './suite-options.ts';

const command = withSuites(
  withAppImages(
    withVersions(
      withCluster(
        new Command('e2e').description('Everything: from whatever machine this is to a report about a real mesh'),
      ),
    ),
  ),
);

await main(
  command.action(async (options: ClusterOptions & SuiteOptions) => {
    await demandScenarios(playwrightArguments(options));
    using _ = lock(options);
    const progress = new Progress();
    await progress.phase('doctor', async (say) => {
      const { images, cluster, context } = options;
      const checks = await examine(images, context === undefined ? cluster : undefined);
      for (const line of inLines(checks).split('\n')) say.note(line);
      demandFit(checks);
    });
    const wanted = options.addons !== false;
    const up = await bringUp(options, progress, wanted);
    const addOns = wanted ? progress.beside('add-ons', (say) => bringAddOns(up, say)) : undefined;
    // Who needs one finds out by itself; what fails here must not end what goes on beside it.
    const settled = addOns?.catch((error: unknown) => {
      console.error(error instanceof HarnessError ? error.message : error);
    });
    const handle = await deployApps(options, options.workers, progress);
    const { workers, report } = options;
    console.log('');
    const played = await progress.aside('suites', () =>
      play({
        args: playwrightArguments(options),
        handle: handlePath(options),
        workers,
        report,
        env: environmentOf(options),
      }),
    );
    await settled;
    await writeCoverage(report);
    if (options.keep === true) console.log(`\n${await keptInWords(handle)}`);
    console.log(`\nPhases\n${progress.table()}\n\nReport: ${report}/html/index.html`);
    const { red } = await readWhole(join(report, 'results.json'));
    await writeSummary(join(report, 'summary.json'), { ...played, red });
    process.exitCode = played.exitCode;
  }),
);
