import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { mortal } from '../command.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { Prober } from './client.ts';
import { loopback } from './loopback.ts';

const program = fileURLToPath(new URL('../../apps/prober/main.ts', import.meta.url));
const patience = 10_000;
const announcement = z.object({ listening: z.number() });

/** The caller from outside the cluster: the prober's own program, on this machine. */
export interface Outside extends AsyncDisposable {
  readonly prober: Prober;
}

export async function startOutside(path = program): Promise<Outside> {
  const [command, args] = mortal(process.execPath, [path]);
  const child = spawn(command, args, {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const http = loopback(await announcedPort(child));
    const dispose = async () => {
      await http[Symbol.asyncDispose]();
      await end(child);
    };
    return { prober: new Prober(http), [Symbol.asyncDispose]: dispose };
  } catch (cause) {
    await end(child);
    throw new HarnessError({
      code: 'OUTSIDE_NOT_STARTED',
      blame: 'environment',
      doing: 'Starting the caller outside the cluster',
      expected: 'a first line that names its port',
      seen: messageOf(cause),
      next: `start it by hand and read what it says: node ${path}`,
      cause,
    });
  }
}

async function announcedPort({
  stdout,
  stderr,
}: ChildProcess & { stdout: NodeJS.ReadableStream | null }): Promise<number> {
  if (stdout === null || stderr === null) throw new Error('it has no output to read');
  let complaints = '';
  stderr.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-500)));
  const signal = AbortSignal.timeout(patience);
  const lines = createInterface({ input: stdout });
  const first = once(lines, 'line', { signal }) as Promise<[string]>;
  const ended = once(lines, 'close', { signal }).then(() => Promise.reject(new Error(`it ended: ${complaints}`)));
  const [line] = await Promise.race([first, ended]);
  ended.catch(() => undefined);
  return announcement.parse(JSON.parse(line)).listening;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
