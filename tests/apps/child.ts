import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ChildApp extends AsyncDisposable {
  port: number;
  url: string;
  terminate(): void;
  /** The exit code, once the app has ended. */
  exited: Promise<number | null>;
}

/** Runs an app as its image does, on a free loopback port. */
export async function startApp(name: string, env: Record<string, string> = {}): Promise<ChildApp> {
  const main = fileURLToPath(new URL(`../../apps/${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { HOST: '127.0.0.1', PORT: '0', DRAIN_MILLIS: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { listening } = JSON.parse(line) as { listening: number };
  return {
    port: listening,
    url: `http://127.0.0.1:${listening}/`,
    terminate: () => void child.kill('SIGTERM'),
    exited,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
