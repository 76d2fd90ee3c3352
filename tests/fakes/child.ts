import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Ends it as nothing can prepare for, and waits until it is gone. */
  killHard(): Promise<void>;
  readonly exited: Promise<unknown>;
}

/** Starts one of the small programs of this folder and returns once it has printed its first line. */
export async function startChild(name: string, ...args: readonly string[]): Promise<Child> {
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const killHard = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  await once(createInterface(child.stdout), 'line');
  return { pid: child.pid, killHard, exited, [Symbol.asyncDispose]: killHard };
}
