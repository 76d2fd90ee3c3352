import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cachePath, projectRoot } from '../../mesh/paths.ts';
import { type Scratch } from './scratch.ts';

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export const pinnedNode = join(projectRoot, 'node_modules', '.bin', 'node');

/** Runs a command as npm does, with a cache of its own and no engine that it could reach. */
export async function runScript(
  cache: Scratch,
  [name = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const script = join(projectRoot, 'scripts', `${name}.ts`);
  const { exitCode, stdout, stderr } = await execa(
    pinnedNode,
    ['--disable-warning=ExperimentalWarning', script, ...args],
    {
      reject: false,
      stdin: 'ignore',
      cwd: cache.path,
      env: {
        ISTIO_E2E_CACHE: cache.at('cache'),
        ISTIO_E2E_CLUSTER: undefined,
        KUBECONFIG: cache.at('no-kubeconfig'),
        // Compiled once for all runs of a test file: half of what a start costs.
        NODE_COMPILE_CACHE: cachePath('compiled'),
        DOCKER_HOST: `unix://${cache.at('no-engine')}`,
        // The width to which help is wrapped.
        COLUMNS: '200',
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        ...env,
      },
    },
  );
  return { exitCode, stdout, stderr };
}

/** Every file below the folder. */
export async function filesOf(folder: Scratch): Promise<string[]> {
  const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.path.length + 1))
    .toSorted();
}
