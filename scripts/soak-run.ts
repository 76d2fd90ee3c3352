import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../mesh/exit-codes.ts';
import { Interrupted } from '../mesh/interruption.ts';
import type { Kube } from '../mesh/kube/kube.ts';
import { cacheRoot, projectRoot } from '../mesh/paths.ts';
import { filesIn, sizeOf } from '../mesh/soak/disk.ts';
import type { Draw } from '../mesh/soak/draw.ts';
import { type Count, countObjects, footprintOf, leftBetween } from '../mesh/soak/footprint.ts';
import type { RunEntry, Subject } from '../mesh/soak/run-entry.ts';
import { nothingCounted, play, type Played } from './play.ts';
import { readWhole, THE_RUN, type Whole } from './results.ts';
import { firstLine, messageOf } from '../mesh/errors.ts';

/** What Playwright makes of the suites' sources, once for all sittings: among the temporary files each sitting's would be seen to grow. */
const transformed = join(projectRoot, 'node_modules', '.cache', 'transformed');

export interface Soaking {
  /** The cluster's record. */
  readonly handle: string;
  readonly subject: Subject;
  /** Folder for the reports of the runs. */
  readonly report: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the list, and measures what it leaves. */
export class SoakRun {
  readonly #kube: Kube;
  readonly #soaking: Soaking;
  readonly #cluster: string;
  /** Temporary files that earlier sittings left. */
  readonly #earlier: number;
  #count: Count;

  private constructor(
    kube: Kube,
    soaking: Soaking,
    { cluster, earlier }: { readonly cluster: string; readonly earlier: number },
    count: Count,
  ) {
    this.#kube = kube;
    this.#soaking = soaking;
    this.#cluster = cluster;
    this.#earlier = earlier;
    this.#count = count;
  }

  /** @param last the ledger's last run, from whose count of temporary files this sitting counts on: what piles up is seen to grow */
  static async begin(kube: Kube, soaking: Soaking, last: RunEntry | undefined): Promise<SoakRun> {
    const system = await kube.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
    await rm(temporaryIn(soaking), { recursive: true, force: true });
    const cluster = String(system?.metadata['uid']);
    const earlier = last?.cluster === cluster ? last.disk.temporary : 0;
    return new SoakRun(kube, soaking, { cluster, earlier }, await countObjects(kube));
  }

  /** The report of a run that was not green is kept, as `run-N` in the folder. */
  async run(run: number, { order, workers }: Draw): Promise<RunEntry> {
    const { subject } = this.#soaking;
    const [began, [before = 0]] = [new Date().toISOString(), loadavg()];
    const report = join(this.#soaking.report, `run-${run}`);
    const temporary = temporaryIn(this.#soaking);
    await rm(report, { recursive: true, force: true });
    await Promise.all([report, temporary].map((folder) => mkdir(folder, { recursive: true })));
    const { played, whole } = await this.#played(report, temporary, order, workers);
    const { exitCode, ...counts } = played;
    const [after = 0] = loadavg();
    const disk = {
      cache: await sizeOf(cacheRoot),
      report: await sizeOf(report),
      temporary: this.#earlier + (await filesIn(temporary)),
    };
    if (exitCode === exitCodes.passed) await rm(report, { recursive: true });
    return {
      ...{ run, began, subject, cluster: this.#cluster, order, workers },
      verdict: verdictOf(exitCode),
      ...counts,
      ...{ red: [...whole.red], seconds: whole.seconds, requests: whole.requests },
      ...(await this.#left()),
      disk,
      load: { before, after, cores: availableParallelism() },
    };
  }

  /** Whatever became of the run is a value: the next one follows. Only an interruption ends the series. */
  async #played(
    report: string,
    temporary: string,
    order: string,
    workers: number,
  ): Promise<{ readonly played: Played; readonly whole: Whole }> {
    const { args, handle, env } = this.#soaking;
    const results = join(report, 'results.json');
    try {
      const played = await play({
        args: [...args, `--shuffle=${order}`],
        handle,
        workers,
        report,
        env: { ...env, TMPDIR: temporary, PLAYWRIGHT_TRANSFORM_CACHE_DIR: transformed },
        output: join(report, 'output.txt'),
      });
      return { played, whole: await readWhole(results) };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const line = firstLine(messageOf(error));
      const played = { ...nothingCounted, exitCode: exitCodes.environment };
      return { played, whole: { seconds: 0, requests: 0, red: [{ test: THE_RUN, line }] } };
    }
  }

  async #left(): Promise<Pick<RunEntry, 'after' | 'left'>> {
    try {
      const count = await countObjects(this.#kube);
      const left = leftBetween(this.#count, count);
      this.#count = count;
      return { after: await footprintOf(this.#kube, count), left: [...left] };
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      // A cluster that does not answer has just been told of, by the run.
      return { left: [] };
    }
  }
}

function temporaryIn({ report }: Soaking): string {
  return join(report, 'temporary');
}

function verdictOf(exitCode: number): RunEntry['verdict'] {
  if (exitCode === exitCodes.passed) return 'green';
  return exitCode === exitCodes.environment ? 'environment' : 'red';
}
