import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/** Number of the field in /proc/PID/stat (`man 5 proc`). */
const START_TIME = 22;

export const runSchema = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.number(),
  /** When the process began, as the kernel counts it: another process that has got its number began at another time. */
  started: z.string().optional(),
});

/** One invocation of the suites, or of a script that prepares them. */
export type Run = Readonly<z.infer<typeof runSchema>>;

export const RUN_VARIABLE = 'ISTIO_E2E_RUN';

export function newRun(now = new Date()): Run {
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const started = startOf(process.pid);
  return {
    id: `${stamp}-${process.pid}`,
    host: hostname(),
    pid: process.pid,
    ...(started === undefined ? {} : { started }),
  };
}

/** The run that this process belongs to: its workers inherit it through the environment. */
export function currentRun(): Run {
  const run = parseRun(process.env[RUN_VARIABLE] ?? '') ?? newRun();
  process.env[RUN_VARIABLE] = JSON.stringify(run);
  return run;
}

export function parseRun(source: string): Run | undefined {
  try {
    return runSchema.parse(JSON.parse(source));
  } catch {
    return undefined;
  }
}

/** Whether a run may still be at work. Of another machine's process nothing can be known here, so it counts as alive. */
export function isAlive({ host, pid, started }: Run): boolean {
  if (host !== hostname()) return true;
  const seen = startOf(pid);
  if (started !== undefined && seen !== undefined) return seen === started;
  return isThere(pid);
}

/** Whether another run may be at work beside this one. One that the same process began is over: a process begins the next when the last has ended. */
export function isAtWork(other: Run, run: Run): boolean {
  const sameProcess = other.host === run.host && other.pid === run.pid && other.started === run.started;
  return other.id !== run.id && !sameProcess && isAlive(other);
}

/**
 * This boot and the clock ticks since then at which the process was started; undefined where there is no such process, and on systems
 * without /proc.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything: what follows the last one is counted, from the third field on.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME - 3];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}-${ticks}`;
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const KEEP_VARIABLE = 'ISTIO_E2E_KEEP';

/** Whether the last test's rules stay in force, for somebody who wants to look at them. */
export function keepsRules(): boolean {
  return process.env[KEEP_VARIABLE] !== undefined;
}

/** The tag of tests that a whole run leaves out. */
export const ON_PROBATION = '@probation';
/** Name of the environment variable by which the workers know that these are wanted too. */
export const PROBATION_VARIABLE = 'ISTIO_E2E_PROBATION';

export function takesProbation(): boolean {
  return process.env[PROBATION_VARIABLE] !== undefined;
}

/** Name of the environment variable by which the workers know that nobody brought the add-ons. */
export const NO_ADD_ONS_VARIABLE = 'ISTIO_E2E_NO_ADD_ONS';

export function leavesAddOnsOut(): boolean {
  return process.env[NO_ADD_ONS_VARIABLE] !== undefined;
}
