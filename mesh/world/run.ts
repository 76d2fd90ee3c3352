import { hostname } from 'node:os';
import { z } from 'zod';

/** One invocation of the suites, or of a script that prepares them. */
export interface Run {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}

export const RUN_VARIABLE = 'ISTIO_E2E_RUN';

const schema = z.object({ id: z.string(), host: z.string(), pid: z.number() });

export function newRun(now = new Date()): Run {
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return { id: `${stamp}-${process.pid}`, host: hostname(), pid: process.pid };
}

/** The run that this process belongs to: its workers inherit it through the environment. */
export function currentRun(): Run {
  const run = parseRun(process.env[RUN_VARIABLE] ?? '') ?? newRun();
  process.env[RUN_VARIABLE] = JSON.stringify(run);
  return run;
}

export function parseRun(source: string): Run | undefined {
  try {
    return schema.parse(JSON.parse(source));
  } catch {
    return undefined;
  }
}

/** Whether a run may still be at work. Of another machine's process nothing can be known here, so it counts as alive. */
export function isAlive({ host, pid }: Run): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
