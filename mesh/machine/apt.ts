import { readFile } from 'node:fs/promises';
import { isOnPath, run } from '../command.ts';

/** Whether this user may install packages by apt-get here. */
export function mayInstall(root = process.getuid?.() === 0): boolean {
  return root && isOnPath('apt-get');
}

/** The distribution and those that it is like, as `/etc/os-release` tells: `linuxmint`, `ubuntu`, `debian`. None where there is no such file. */
export async function distributions(file = '/etc/os-release'): Promise<readonly string[]> {
  const release = await readFile(file, 'utf8').catch(() => '');
  const told = ['ID', 'ID_LIKE'].map((field) => new RegExp(`^${field}=(.*)$`, 'm').exec(release)?.[1] ?? '');
  return told.flatMap((value) => value.match(/[\w.-]+/g) ?? []);
}

/**
 * Installs Debian packages, without what they only recommend.
 *
 * @param doing what it is for, as an error says it
 * @throws HarnessError COMMAND_FAILED
 */
export async function install(packages: readonly string[], doing: string, next?: string): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, ...(next === undefined ? {} : { next }) };
  await run('apt-get', ['update', '-q'], { doing: 'Reading the package lists', ...options });
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { doing, ...options });
}
