import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, isOnPath, run } from '../../command.ts';
import { HarnessError } from '../../errors.ts';
import { install } from '../../machine/apt.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { versions } from '../../versions.ts';
import { nameOf } from '../hash.ts';
import { keep } from '../store.ts';
import { hasImage } from './image.ts';

/** What every image needs that is not a bare program: certificates, the redirecting tools, and the reaper for pause. */
const PACKAGES = ['ca-certificates', 'catatonit', 'conntrack', 'iproute2', 'iptables', 'nftables'];
/** Left out of the archive: nothing in a container reads it. */
const EXCLUDED = [
  './var/cache/apt/*',
  './var/lib/apt/lists/*',
  './usr/share/doc/*',
  './usr/share/man/*',
  './usr/share/locale/*',
  './dev/*',
];

const nameOfBase = (): string => nameOf(versions.debian.suite, ...PACKAGES, ...EXCLUDED);
const archiveOf = (name: string): string => cachePath('rootfs', `${versions.debian.suite}-${name}.tar`);
const imageOf = (name: string): string => `istio-e2e/base:${name}`;

/** Whether it has been made: what it takes to make it does not matter then. */
export async function hasBase(): Promise<boolean> {
  const name = nameOfBase();
  return existsSync(archiveOf(name)) || (await hasImage(imageOf(name)));
}

/**
 * A minimal Debian as a Docker image, made by debootstrap where no image of it can be pulled.
 *
 * @returns the image's reference
 * @throws HarnessError DEBOOTSTRAP_MISSING where it cannot be had on this machine
 */
export async function baseImage(say: Say): Promise<string> {
  const { suite } = versions.debian;
  const name = nameOfBase();
  const reference = imageOf(name);
  if (await hasImage(reference)) return reference;
  const archive = await keep(archiveOf(name), (halfMade) => bootstrap(suite, halfMade, say));
  say('importing the base file system');
  await run(
    'docker',
    ['import', '--change', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', archive, reference],
    {
      doing: 'Importing the base file system',
    },
  );
  return reference;
}

async function bootstrap(suite: string, archive: string, say: Say): Promise<void> {
  await ensureDebootstrap(say);
  const folder = cachePath('rootfs', `${suite}.root`);
  await unmountBelow(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    say('making the base file system with debootstrap');
    await run('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, suite, folder], {
      doing: 'Making the base file system',
      // It unmounts what it has mounted.
      tidy: true,
      next: `read ${join(folder, 'debootstrap', 'debootstrap.log')}; check that Debian's package server answers`,
      onLine: (line) => {
        say(`debootstrap: ${line.replace('I: ', '').slice(0, 60)}`);
      },
    });
    await run('tar', ['-C', folder, ...EXCLUDED.map((path) => `--exclude=${path}`), '-cf', archive, '.'], {
      doing: 'Packing the base file system',
    });
  } finally {
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a debootstrap that was killed left mounted (/proc, /sys) would keep the folder from being removed, until the next reboot. */
export async function unmountBelow(folder: string, mounts = '/proc/mounts'): Promise<void> {
  const lines = (await readFile(mounts, 'utf8').catch(() => '')).split('\n');
  const points = lines.map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '));
  for (const point of points.filter((one) => one.startsWith(`${folder}/`)).toReversed()) await ask('umount', [point]);
}

/** What keeps this user on this machine from making one; undefined where nothing does. */
export function obstacle(root = process.getuid?.() === 0): string | undefined {
  if (!root) return 'an ordinary user, for whom debootstrap does not work';
  return isOnPath('debootstrap') || isOnPath('apt-get') ? undefined : 'no debootstrap, and no apt-get to install it';
}

export const REMEDY = 'run the first build as root on Debian or Ubuntu, or use a machine that reaches image registries';

async function ensureDebootstrap(say: Say): Promise<void> {
  const seen = obstacle();
  if (seen !== undefined) {
    throw new HarnessError({
      code: 'DEBOOTSTRAP_MISSING',
      blame: 'environment',
      doing: 'Making the base file system',
      expected: 'to be root, with debootstrap or apt-get',
      seen,
      next: REMEDY,
    });
  }
  if (isOnPath('debootstrap')) return;
  say('installing debootstrap');
  await install(['debootstrap'], 'Installing debootstrap');
}
