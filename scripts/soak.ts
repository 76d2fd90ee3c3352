import { mkdir, writeFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { HarnessError } from '../mesh/errors.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { connect } from '../mesh/kube/kube.ts';
import { projectRoot } from '../mesh/paths.ts';
import { drawFor } from '../mesh/soak/draw.ts';
import { follow, trendInWords } from '../mesh/soak/figures.ts';
import { RunLedger } from '../mesh/soak/ledger.ts';
import { renderSoak, verdictsInWords } from '../mesh/soak/page.ts';
import type { RunEntry, Subject } from '../mesh/soak/run-entry.ts';
import { PROBATION_VARIABLE } from '../mesh/world/run.ts';
import { cleanCommit } from './checkout.ts';
import { main } from './command.ts';
import { atLeastOne, type ClusterOptions, pattern, withCluster } from './options.ts';
import { demandScenarios } from './play.ts';
import { SoakRun } from './soak-run.ts';
import { currentHandle, handlePath, lock } from './steps.ts';

interface SoakOptions extends ClusterOptions {
  readonly runs: number;
  readonly workers: readonly number[];
  readonly grep?: string;
  readonly probation?: true;
  readonly seed?: string;
  readonly ledger?: string;
  readonly report: string;
}

/** When so many runs in a row judged nothing, the cluster is gone, and so is the sense of going on. */
const HOPELESS = 3;
const WHOLE = 'the whole list';

const command = withCluster(
  new Command('soak').description('Runs the whole list again and again, in ever other orders, and keeps a ledger'),
)
  .option('--runs <count>', 'so many more runs', atLeastOne('--runs'), 12)
  .option('--workers <counts>', 'numbers of workers, of which each run draws one', counts, [1, 2])
  .option('--grep <pattern>', 'only scenarios whose title or tag fits: --grep @T05', pattern('--grep'))
  .option('--probation', 'also what is not yet trusted with a verdict; what --grep names runs anyway')
  .option('--seed <text>', 'what orders and numbers of workers are drawn from (default: a new one)', seed)
  .option('--ledger <file>', 'where runs are added, of the same commit only (default: soak-COMMIT.jsonl in --report)')
  .option('--report <folder>', 'where the reports of runs that were not green go', join(projectRoot, 'report', 'soak'));

await main(
  command.action(async (options: SoakOptions) => {
    const commit = await cleanCommit();
    const args = options.grep === undefined ? [] : ['--grep', options.grep];
    await demandScenarios(args);
    using _ = lock(options);
    const handle = await currentHandle(options);
    const { report, workers } = options;
    const chosen = options.grep ?? (options.probation === true ? `${WHOLE} with probation` : WHOLE);
    const subject = { commit, istio: handle.istioVersion, chosen };
    const ledger = RunLedger.open(options.ledger ?? join(report, fileFor(subject)), subject);
    const page = join(dirname(ledger.path), 'soak.html');
    const from = options.seed ?? `${randomInt(1e9)}`;
    console.log(`Seed ${from}. Ledger ${ledger.path}, ${ledger.entries.length} runs so far. Page ${page}`);
    await mkdir(report, { recursive: true });
    const kube = await connect(handle);
    const env = options.probation === true || options.grep !== undefined ? { [PROBATION_VARIABLE]: 'yes' } : {};
    const soaking = await SoakRun.begin(
      kube,
      { handle: handlePath(options), subject, report, args, env },
      ledger.entries.at(-1),
    );
    const sitting: RunEntry[] = [];
    while (sitting.length < options.runs && !isHopeless(sitting)) {
      demandSame(commit, await cleanCommit());
      const run = ledger.entries.length + 1;
      const entry = await soaking.run(run, drawFor(from, run, workers));
      // What began on one commit may have ended on another: such a run is none.
      demandSame(commit, await cleanCommit());
      ledger.add(entry);
      sitting.push(entry);
      console.log(inWords(entry));
      await writeFile(page, renderSoak(ledger.entries));
    }
    await kube.close();
    const followed = follow(ledger.entries).filter(({ trend }) => trend !== undefined);
    const unknown = followed.filter(({ trend }) => trend?.verdict === 'unknown').length;
    const told = unknown === 0 ? [] : [`Of ${unknown} figures nothing can be told yet: more runs are needed.`];
    console.log(['', ...followed.map(trendInWords), ...told, ''].join('\n'));
    console.log(
      `This sitting: ${verdictsInWords(sitting)}. The ledger: ${verdictsInWords(ledger.entries)}. Page ${page}`,
    );
    const grows = followed.some(({ trend }) => trend?.verdict === 'growing');
    process.exitCode = exitCodeFor(sitting, grows);
  }),
);

/** @throws HarnessError COMMIT_CHANGED: each run reads its code anew, and the ledger is one commit's */
function demandSame(began: string, now: string): void {
  if (now === began) return;
  throw new HarnessError({
    code: 'COMMIT_CHANGED',
    blame: 'usage',
    doing: 'Going on with the soak',
    expected: `the checkout to stay at ${began}, with which it began`,
    seen: now,
    next: 'soak in a clone of its own, and work in another',
  });
}

function fileFor({ commit, chosen }: Subject): string {
  const part = chosen === WHOLE ? '' : `-${chosen.replaceAll(/\W+/g, '-')}`;
  return `soak-${commit}${part}.jsonl`;
}

function isHopeless(sitting: readonly RunEntry[]): boolean {
  const last = sitting.slice(-HOPELESS);
  return last.length === HOPELESS && last.every(({ passed, failed }) => passed + failed === 0);
}

function exitCodeFor(sitting: readonly RunEntry[], grows: boolean): number {
  if (grows || sitting.some(({ verdict }) => verdict === 'red')) return exitCodes.red;
  return sitting.some(({ verdict }) => verdict === 'environment') ? exitCodes.environment : exitCodes.passed;
}

function inWords(entry: RunEntry): string {
  const { run, verdict, seconds, workers, order, left, red } = entry;
  const by = `${workers} worker${workers === 1 ? '' : 's'}`;
  const head = `run ${run}: ${verdict}, ${countsInWords(entry)} in ${seconds.toFixed(0)} s by ${by}, order ${order}`;
  const more = left.length === 0 ? '' : `; objects: ${left.join(', ')}`;
  return [`${head}${more}`, ...red.map(({ test, line }) => `  ${test}\n    ${line}`)].join('\n');
}

function countsInWords({ passed, failed, skipped, notReached }: RunEntry): string {
  const missed = notReached === 0 ? '' : `, ${notReached} not reached`;
  return `${passed} passed, ${failed} failed, ${skipped} skipped${missed}`;
}

function counts(text: string): readonly number[] {
  return [...new Set(text.split(',').map(atLeastOne('--workers')))];
}

function seed(text: string): string {
  if (/^[\w.-]{1,40}$/.test(text)) return text;
  throw new HarnessError({
    code: 'BAD_SEED',
    blame: 'usage',
    doing: 'Reading --seed',
    expected: 'up to 40 letters, digits, dots, dashes and underscores',
    seen: JSON.stringify(text),
    next: 'give such a seed',
  });
}
