import { Command } from 'commander';
import { demandContext } from '../mesh/cluster/existing-demands.ts';
import { ensureChromium } from '../mesh/browser/install.ts';
import { demandFit, examine, inLines } from '../mesh/machine/doctor.ts';
import { bringAddOns } from './add-ons.ts';
import { conclude, tellKept } from './afterwards.ts';
import { withAppImages } from './app-images-option.ts';
import { main, tell } from './command.ts';
import { writeCoverage } from './coverage.ts';
import { type ClusterOptions, kubeconfigOf, withCluster, withVersions } from './options.ts';
import { demandScenarios, play } from './play.ts';
import { Progress } from './progress.ts';
import { clearReport } from './report-folder.ts';
import { bringUp, deployApps, handlePath, lock, wishOf } from './steps.ts';
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
    const { workers, report } = options;
    using _ = lock(options);
    const { context } = options;
    // A context that is mistyped must not take the report of another run with it.
    if (context !== undefined) await demandContext({ context, kubeconfig: kubeconfigOf(options) });
    await clearReport(report);
    const progress = new Progress();
    await progress.phase('doctor', async (say) => {
      const checks = await examine(await wishOf(options), context === undefined ? options.cluster : undefined);
      for (const line of inLines(checks).split('\n')) say.note(line);
      demandFit(checks);
    });
    const wanted = options.addons !== false;
    const up = await bringUp(options, progress, wanted);
    const addOns = wanted ? progress.beside('add-ons', (say) => bringAddOns(up, say)) : undefined;
    // Who needs one finds out by itself; what fails here must not end what goes on beside it.
    const settled = addOns?.catch(tell);
    const handle = await deployApps(options, workers, progress);
    // Who names some of the tests need not wait for it.
    if (options.grep === undefined) await progress.phase('browser', ensureChromium);
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
    process.exitCode = played.exitCode;
    await conclude(report, played, [
      () => settled,
      () => writeCoverage(report),
      ...(options.keep === true ? [() => tellKept(handle)] : []),
    ]);
    console.log(`\nPhases\n${progress.table()}\n\nReport: ${report}/html/index.html`);
  }),
);
