import { hostname } from 'node:os';
import type { Run } from '../../mesh/world/run.ts';

/** A run of another process that is at work: the one that began this test. */
export function runBeside(id: string): Run {
  return { id, host: hostname(), pid: process.ppid };
}
