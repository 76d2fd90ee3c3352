import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { execa, ExecaError, type Options, type Result } from 'execa';
import { HarnessError, type Trouble } from './errors.ts';
import { interruption } from './interruption.ts';

export interface CommandOptions {
  /** What the command is for, as an error would say it: "Building the node image". */
  readonly doing: string;
  /** What a reader can do if it fails. */
  readonly next?: string;
  readonly code?: string;
  readonly blame?: Trouble['blame'];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** An hour, if it is not said. */
  readonly timeoutMillis?: number;
  /** An exit code besides 0 with which the program has answered all the same. */
  readonly alsoAnswers?: number;
  /** Left alone by Ctrl-C and by an interruption: the caller sees to its end. */
  readonly shielded?: boolean;
  /** Cleans up before it ends, however long that takes: it is told to end, and never killed. */
  readonly tidy?: boolean;
  /** Called with each line the command prints, for a line of live progress. */
  readonly onLine?: (line: string) => void;
  /** Lines that are no reason: those of a failure that match are not told. */
  readonly progress?: RegExp;
}

/** Several times what the longest takes, which is the first build of all programs: what hangs must say so before a CI job's own limit ends it without a word. */
const LONGEST_MILLIS = 60 * 60_000;

/**
 * Runs a program with an argument array and returns what it printed on standard output.
 *
 * @throws HarnessError with the last lines of its output where it could not be started, failed, or took too long
 */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { onLine } = options;
  const [file, fileArgs] = mortal(command, args);
  try {
    const child = execa(file, fileArgs, execaOptions(options));
    if (onLine !== undefined) for await (const line of child.iterable({ from: 'all' })) onLine(line);
    return ((await child) as Result<{ all: true }>).stdout;
  } catch (error) {
    const { alsoAnswers } = options;
    if (error instanceof ExecaError && alsoAnswers !== undefined && error.exitCode === alsoAnswers)
      return (error as ExecaError<{ all: true }>).stdout;
    throw failure(command, args, options, error);
  }
}

/** How a program came to its end by itself. */
export interface Exit {
  readonly code: number;
  /** What it printed on both outputs, line by line. */
  readonly printed: readonly string[];
  /** On standard error alone. */
  readonly complained: readonly string[];
}

/** With what `setpriv` below, like a shell, says that it could not run what it was given. */
const NOT_RUN = [126, 127];

/** The exit behind an error of `run`; undefined where the program never began, or was ended from outside. */
export function exitBehind(error: unknown): Exit | undefined {
  const cause = error instanceof HarnessError ? error.cause : undefined;
  // One that is told to end may still choose a code to end with.
  if (!(cause instanceof ExecaError) || cause.timedOut || cause.isMaxBuffer) return undefined;
  const { exitCode: code, stderr } = cause as ExecaError<{ all: true }>;
  if (code === undefined || NOT_RUN.includes(code)) return undefined;
  return { code, printed: linesOf(outputOf(cause as object)), complained: linesOf(stderr) };
}

/**
 * Runs two programs at once, the second reading what the first writes: `docker save X | docker load`, without a shell.
 *
 * @throws HarnessError as `run`, for whichever of the two failed
 */
export async function pipe(
  from: readonly [string, ...string[]],
  to: readonly [string, ...string[]],
  options: CommandOptions,
): Promise<void> {
  const [fromFile, fromArgs] = mortal(from[0], from.slice(1));
  const [toFile, toArgs] = mortal(to[0], to.slice(1));
  const cancelSignal = interruption.signal;
  try {
    // What flows between them may be gigabytes: none of it is kept.
    const shared = { cancelSignal, timeout: options.timeoutMillis ?? LONGEST_MILLIS };
    const source = execa(fromFile, fromArgs, { ...shared, stdin: 'ignore', buffer: { stdout: false } });
    await source.pipe(toFile, toArgs, shared);
  } catch (error) {
    throw failure(from[0], [...from.slice(1), '|', ...to], options, error);
  }
}

/** Like `run`, for a question whose "no" is an answer: `undefined` where the command failed or is not there. */
export async function ask(
  command: string,
  args: readonly string[],
  timeoutMillis = 10_000,
): Promise<string | undefined> {
  const result = await execa(command, args, {
    reject: false,
    timeout: timeoutMillis,
    cancelSignal: interruption.signal,
    stdin: 'ignore',
  });
  return result.failed ? undefined : result.stdout;
}

export function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => canRun(join(folder, command)));
}

/**
 * Ties the child's life to ours on Linux: a harness that is killed with -9 must not leave a compiler or a test run at work.
 */
export function mortal(command: string, args: readonly string[]): [string, string[]] {
  // One that is not there is left to fail by itself: what setpriv says of it helps nobody.
  return hasSetpriv && (isAbsolute(command) ? canRun(command) : isOnPath(command))
    ? ['setpriv', ['--pdeathsig', 'TERM', '--', command, ...args]]
    : [command, [...args]];
}

const hasSetpriv = process.platform === 'linux' && isOnPath('setpriv');

function execaOptions(options: CommandOptions) {
  const { cwd, env, input, timeoutMillis = LONGEST_MILLIS, shielded = false, tidy = false } = options;
  return {
    timeout: timeoutMillis,
    all: true,
    stdin: input === undefined ? 'ignore' : 'pipe',
    // Ctrl-C reaches the whole foreground group, and a detached child has a group of its own.
    detached: shielded,
    ...(shielded ? {} : { cancelSignal: interruption.signal }),
    forceKillAfterDelay: tidy ? false : 5_000,
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(input === undefined ? {} : { input }),
  } satisfies Options;
}

function failure(command: string, args: readonly string[], options: CommandOptions, error: unknown): unknown {
  if (interruption.signal.aborted) return interruption.signal.reason;
  if (!(error instanceof ExecaError)) return error;
  const { progress } = options;
  const tail = linesOf(outputOf(error as object))
    .filter((line) => progress === undefined || !progress.test(line))
    .slice(-20)
    .map((line) => `    ${line}`)
    .join('\n');
  const how = error.timedOut
    ? `took longer than ${(options.timeoutMillis ?? LONGEST_MILLIS) / 1000} s`
    : error.exitCode === undefined
      ? `could not be run (${error.code ?? error.signal ?? 'no exit code'})`
      : `exited with ${error.exitCode}`;
  return new HarnessError({
    code: options.code ?? 'COMMAND_FAILED',
    blame: options.blame ?? 'environment',
    doing: options.doing,
    seen: `\`${[command, ...args].join(' ').slice(0, 300)}\` ${how}\n${tail}`,
    next: options.next ?? 'read the lines above; `npm run doctor` names what this machine lacks',
    cause: error,
  });
}

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split('\n');
}

/** execa types these by its options, which differ from call to call. */
function outputOf(error: object): string {
  const { all, stderr, originalMessage } = error as { all?: unknown; stderr?: unknown; originalMessage?: unknown };
  return [all, stderr, originalMessage].find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
