import { execa } from 'execa';

/** Runs what makes good again what was broken: also after an interruption, and out of reach of Ctrl-C. */
export async function insist(command: string, args: readonly string[]): Promise<void> {
  await execa(command, args, { reject: false, stdin: 'ignore', detached: true, timeout: 60_000 });
}
