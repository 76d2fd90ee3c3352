import { HarnessError } from './errors.ts';

/** How a command ends. CI may rely on these numbers; they are documented in the README. */
export const exitCodes = { passed: 0, red: 1, usage: 2, environment: 3, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof HarnessError) return exitCodes[error.blame];
  return exitCodes.environment;
}
