import { readFile } from 'node:fs/promises';
import { ask, isOnPath, run } from '../command.ts';

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

/** Whether a package was unpacked and never configured, as where its installation was killed: its programs are there, and do not work. */
export async function isHalfInstalled(name: string): Promise<boolean> {
  const status = await ask('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name]);
  return /^.[HUF]/.test(status ?? '');
}

/**
 * Installs Debian packages, without what they only recommend. Where apt is at work already, as after a boot, it waits. What is half installed is
 * mended before, and what is being installed is not interrupted.
 *
 * @param doing what it is for, as an error says it
 * @throws HarnessError COMMAND_FAILED
 */
export async function install(packages: readonly string[], doing: string, next?: string): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, ...(next === undefined ? {} : { next }) };
  const apt = (...args: readonly string[]) => ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
  const wanted = ['install', '-y', '--no-install-recommends', ...packages];
  await run('apt-get', apt('update'), { doing: 'Reading the package lists', ...options });
  await ask('dpkg', ['--configure', '-a'], 300_000);
  await run('apt-get', apt(...wanted, '--download-only'), { doing, ...options });
  await run('apt-get', apt(...wanted), { doing, ...options, shielded: true });
}
