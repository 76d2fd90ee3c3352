import { Command, CommanderError } from 'commander';
import { HarnessError } from '../mesh/errors.ts';
import { exitCodeOf, exitCodes } from '../mesh/exit-codes.ts';
import { Interrupted, interruption } from '../mesh/interruption.ts';
import { alsoInSmallLetters } from '../mesh/machine/proxies.ts';
import { cachePath, cacheRoot } from '../mesh/paths.ts';

/** Whether the work was given up because somebody wanted that, and not because a part of it failed. */
let byUser = false;

/** Runs one command of the harness from its arguments to its exit code. */
export async function main(command: Command): Promise<void> {
  listenForTheEnd();
  alsoInSmallLetters();
  // istioctl would keep what it discovers in the user's ~/.kube.
  process.env['KUBECACHEDIR'] ??= cachePath('discovery');
  command.exitOverride().showHelpAfterError('(--help lists the options)').allowExcessArguments(false);
  try {
    await command.parseAsync();
    if (byUser) throw interruption.signal.reason;
  } catch (error) {
    process.exitCode = report(error);
  }
  // Kept connections would hold the process for half a minute.
  process.exit();
}

/** Prints what went wrong, the reason on the first line, and says which exit code it is. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  if (error instanceof Interrupted || byUser) {
    const { reason } = interruption.signal as { readonly reason?: { readonly message?: string } };
    console.error(
      `Interrupted: ${reason?.message ?? ''}. What was half made is removed, or made anew by the next run.`,
    );
    return exitCodes.interrupted;
  }
  if (isDiskFull(error)) console.error(diskFull(error).message);
  else tell(error);
  return exitCodeOf(error);
}

/** What went wrong, with a stack only where it is a mistake of the harness. */
export function tell(error: unknown): void {
  console.error(error instanceof HarnessError ? error.message : error);
}

function listenForTheEnd(): void {
  const end = (why: string) => {
    byUser = true;
    interruption.interrupt(why);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      end(`received ${signal}`);
    });
  }
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) end('the process that started this one is gone');
  }, 500);
  watch.unref();
}

const fullDisk = /ENOSPC|no space left on device/i;

function isDiskFull(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return fullDisk.test(error.message) || ('code' in error && error.code === 'ENOSPC');
}

function diskFull(cause: Error): HarnessError {
  return new HarnessError({
    code: 'DISK_FULL',
    blame: 'environment',
    doing: 'Writing what was built or fetched',
    expected: 'room on the disk',
    seen:
      cause.message
        .split('\n')
        .find((line) => fullDisk.test(line))
        ?.replace(/\[[A-Z_]+\]$/, '')
        .trim() ?? cause.message,
    next: [
      `free some space at ${cacheRoot}, and where the engine keeps its images (\`npm run doctor\` says how much is needed where),`,
      'or set ISTIO_E2E_CACHE to a folder on a larger disk',
    ].join('\n    '),
    cause,
  });
}
