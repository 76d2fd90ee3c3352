import { join } from 'node:path';
import { type Fault, type Mend, mended, type Scene } from '../mesh/faults/fault.ts';
import type { Ending } from '../mesh/faults/outcome.ts';
import { exitCodeOf } from '../mesh/exit-codes.ts';
import { Interrupted } from '../mesh/interruption.ts';
import { deploymentsReady } from '../mesh/kube/deployments.ts';
import { converge, stubbornClock } from '../mesh/waiting/converge.ts';
import { rulesIn } from '../mesh/world/istio-objects.ts';
import { ISTIO_NAMESPACE } from '../mesh/world/names.ts';
import { PROBATION_VARIABLE } from '../mesh/world/run.ts';
import { nothingCounted, play, type Played } from './play.ts';
import { readWhole } from './results.ts';
import { firstLine, HarnessError, messageOf } from '../mesh/errors.ts';

const patience = { within: 300_000, stalled: 180_000, every: 1_000, clock: stubbornClock };

/** Whether there was something to strike before the run was over; why it could not be. */
interface Fate {
  readonly struck: boolean;
  readonly line?: string;
}

type Told = Played & { readonly line?: string };

/** Runs a few tests, breaks something while a rule of theirs is in force, and makes it good again. */
export async function playWithFault(fault: Fault, scene: Scene, handle: string, output: string): Promise<Ending> {
  const unprepare = await prepared(fault, scene);
  if (typeof unprepare !== 'function') return unprepare;
  try {
    const before = await rulesNow(scene);
    let over = false;
    const playing = play({
      args: ['--grep', fault.grep],
      handle,
      workers: 1,
      report: scene.report,
      env: { [PROBATION_VARIABLE]: 'yes', ...fault.env?.(scene) },
      output,
    }).finally(() => (over = true));
    const striking = strike(fault, scene, before, () => over);
    striking.catch(() => undefined);
    // The run comes to its own end and cleans up, whatever became of the fault.
    const played: Told = await playing.catch(unjudged);
    const fate = await striking.catch(notStruck);
    await recovered(scene);
    const whole = await readWhole(join(scene.report, 'results.json')).catch(() => undefined);
    const own = [fate, played].flatMap(({ line }) => line ?? []);
    const lines = [...own, ...(whole?.red ?? []).map(({ line }) => line)];
    const { exitCode, passed, failed } = played;
    return { exitCode, passed, failed, requests: whole?.requests ?? 0, lines, struck: fate.struck };
  } finally {
    await unprepare();
  }
}

/** What undoes it, or how the run ended that could not begin: that keeps no other fault from its turn. */
async function prepared(fault: Fault, scene: Scene): Promise<Mend | Ending> {
  try {
    return (await fault.prepare?.(scene)) ?? mended;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const { passed, failed } = nothingCounted;
    const lines = messageOf(error).split('\n');
    return { exitCode: exitCodeOf(error), passed, failed, requests: 0, lines, struck: false };
  }
}

async function strike(fault: Fault, scene: Scene, before: ReadonlySet<unknown>, isOver: () => boolean): Promise<Fate> {
  // What an earlier run left there is no sign of this one.
  const look = async () => ({
    over: isOver(),
    rules: [...(await rulesNow(scene))].filter((uid) => !before.has(uid)).length,
  });
  const { last } = await converge(look, ({ over, rules }) => over || rules > 0, { within: 240_000, every: 50 });
  if (last.over || last.rules === 0) return { struck: false };
  const mend = await fault.strike(scene);
  try {
    await converge(
      () => Promise.resolve(isOver()),
      (over) => over,
      { within: 600_000, every: 200 },
    );
    return { struck: true };
  } finally {
    await mend();
  }
}

async function rulesNow({ kube, slot }: Scene): Promise<ReadonlySet<unknown>> {
  return new Set((await rulesIn(kube, slot)).map(({ metadata }) => metadata['uid']));
}

/** The next fault meets a cluster that is whole. */
async function recovered(scene: Scene): Promise<void> {
  const { kube, slot } = scene;
  // Of every kind of rule: an API server that has begun anew knows of each a moment later than of the last one.
  const answers = () =>
    rulesNow(scene)
      .then(() => true)
      .catch(() => false);
  await converge(answers, (there) => there, { ...patience, streak: 3 });
  for (const namespace of ['kube-system', ISTIO_NAMESPACE, slot]) await deploymentsReady(kube, namespace, patience);
}

function unjudged(error: unknown): Told {
  if (error instanceof Interrupted) throw error;
  return { ...nothingCounted, exitCode: exitCodeOf(error), line: lineOf(error) };
}

/** What could not be injected proves nothing, and keeps no other fault from its turn. */
function notStruck(error: unknown): Fate {
  if (error instanceof Interrupted) throw error;
  return { struck: false, line: lineOf(error) };
}

function lineOf(error: unknown): string {
  return firstLine(messageOf(error));
}
