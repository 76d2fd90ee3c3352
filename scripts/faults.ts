import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { ask } from '../mesh/command.ts';
import { HarnessError } from '../mesh/errors.ts';
import { exitCodes } from '../mesh/exit-codes.ts';
import { faults } from '../mesh/faults/all.ts';
import type { Fault } from '../mesh/faults/fault.ts';
import { isRight, type Outcome, outcomeOf, renderFaults } from '../mesh/faults/outcome.ts';
import { connect } from '../mesh/kube/kube.ts';
import { projectRoot } from '../mesh/paths.ts';
import { slotName } from '../mesh/world/names.ts';
import { main } from './command.ts';
import { playWithFault } from './fault-run.ts';
import { atLeastOne, type ClusterOptions, pattern, withCluster } from './options.ts';
import { currentHandle, handlePath, lock } from './steps.ts';

interface FaultsOptions extends ClusterOptions {
  readonly times: number;
  readonly grep?: string;
  readonly report: string;
}

const command = withCluster(
  new Command('faults').description('Breaks the environment in the middle of runs, and sees that no rule is blamed'),
)
  .option('--times <count>', 'each fault so many times', atLeastOne('--times'), 1)
  .option('--grep <pattern>', 'only faults whose id fits: --grep istiod', pattern('--grep'))
  .option('--report <folder>', 'where the table goes', join(projectRoot, 'report', 'faults'));

await main(
  command.action(async (options: FaultsOptions) => {
    const chosen = choose(options.grep);
    using _ = lock(options);
    const handle = await currentHandle(options);
    if (handle.provider !== 'kind' || !handle.owned) throw notOurs(handle.name);
    const kube = await connect(handle);
    const { report, times } = options;
    await clear(report);
    const outcomes: Outcome[] = [];
    for (const [index, fault] of repeated(chosen, times).entries()) {
      const folder = join(report, `${index + 1}-${fault.id}`);
      await mkdir(folder, { recursive: true });
      const node = `${handle.name}-control-plane`;
      const scene = { kube, node, slot: slotName(0), report: join(folder, 'report') };
      const ending = await playWithFault(fault, scene, handlePath(options), join(folder, 'output.txt'));
      const outcome = outcomeOf(fault, ending);
      outcomes.push(outcome);
      console.log(inWords(outcome));
      await writeFile(join(report, 'faults.md'), renderFaults(outcomes));
    }
    await kube.close();
    console.log(`\n${renderFaults(outcomes)}`);
    process.exitCode = outcomes.every(isRight) ? exitCodes.passed : exitCodes.red;
  }),
);

function choose(grep = ''): readonly Fault[] {
  const chosen = faults.filter(({ id }) => new RegExp(grep).test(id));
  if (chosen.length > 0) return chosen;
  throw new HarnessError({
    code: 'NO_FAULT',
    blame: 'usage',
    doing: 'Choosing faults',
    expected: `a pattern that fits one of ${faults.map(({ id }) => id).join(', ')}`,
    seen: `${grep} fits none`,
    next: 'choose by id: --grep istiod',
  });
}

/** Takes away what an earlier `faults` left there, and nothing else: somebody may have named a folder that is dear to them. */
async function clear(report: string): Promise<void> {
  const ours = new RegExp(`^\\d+-(?:${faults.map(({ id }) => id).join('|')})$`);
  const there = existsSync(report) ? await readdir(report) : [];
  for (const name of there.filter((name) => ours.test(name) || name === 'faults.md')) {
    // One that was killed may have left its small file system mounted.
    if (ours.test(name)) await ask('umount', [join(report, name, 'report')]);
    await rm(join(report, name), { recursive: true });
  }
}

/** One after the other and then again, so that a half-done command has met each. */
function repeated(chosen: readonly Fault[], times: number): readonly Fault[] {
  return Array.from({ length: times }, () => chosen).flat();
}

function inWords({ fault, verdict, ending: { exitCode, passed, failed, requests, lines } }: Outcome): string {
  const head = `${fault.id}: ${verdict} (exit ${exitCode}, ${passed} passed, ${failed} failed, ${requests} requests)`;
  return [head, ...lines.map((line) => `  ${line}`)].join('\n');
}

function notOurs(name: string): HarnessError {
  return new HarnessError({
    code: 'NOT_OURS',
    blame: 'usage',
    doing: `Breaking cluster ${name}`,
    expected: 'a kind cluster that the harness made: its node is stopped and its pods are killed',
    seen: 'another one',
    next: 'make one with `npm run up` and `npm run deploy`, and name it: --cluster NAME',
  });
}
