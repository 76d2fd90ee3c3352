import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Say } from '../say.ts';
import type { Engine } from './engine.ts';

/** How an engine that the harness started calls the runtime that leaves CAP_SYS_RESOURCE out. */
export const REDUCED_RUNTIME = 'reduced';

export async function writeRuntime(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await copyFile(fileURLToPath(new URL('reduced-runtime.sh', import.meta.url)), path);
  await chmod(path, 0o755);
}

/** Whoever empties the cache takes the runtime from under an engine that runs on, which from then on starts no container and hardly says why. */
export async function mendRuntime(
  { defaultRuntime, runtimeProgram }: Pick<Engine, 'defaultRuntime' | 'runtimeProgram'>,
  say: Say,
): Promise<void> {
  if (defaultRuntime !== REDUCED_RUNTIME || runtimeProgram === '' || existsSync(runtimeProgram)) return;
  say.note(`the runtime that the Docker engine was started with is gone: putting it back to ${runtimeProgram}`);
  await writeRuntime(runtimeProgram);
}
