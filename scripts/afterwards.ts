import { join } from 'node:path';
import type { ClusterHandle } from '../mesh/cluster/handle.ts';
import { interruption } from '../mesh/interruption.ts';
import { keptInWords } from '../mesh/world/kept.ts';
import { tell } from './command.ts';
import type { Played } from './play.ts';
import { readWhole } from './results.ts';
import { writeSummary } from './summary.ts';

type Work = () => unknown;

/** What follows a run of the suites. Its counts come first: they are what CI reads, whatever becomes of the rest. */
export async function conclude(report: string, played: Played, rest: readonly Work[]): Promise<void> {
  const { red } = await readWhole(join(report, 'results.json'));
  await writeSummary(join(report, 'summary.json'), { ...played, red });
  await afterwards(rest);
}

/** One after the other. What fails is told: it neither changes the verdict that was taken nor keeps the next from its turn. */
export async function afterwards(rest: readonly Work[]): Promise<void> {
  for (const work of rest) {
    try {
      await work();
    } catch (error) {
      if (interruption.signal.aborted) throw error;
      tell(error);
    }
  }
}

/** What --keep left in force, and how to look at it. */
export async function tellKept(handle: ClusterHandle): Promise<void> {
  console.log(`\n${await keptInWords(handle)}`);
}
