import { readFile, writeFile } from 'node:fs/promises';
import type { Say } from '../say.ts';
import { type Check, fine, limits } from './check.ts';

/**
 * Every proxy agent holds an inotify instance, and kubelet, containerd and the control plane hold some each: a cluster with the apps of two
 * workers was seen to need about 100 of root's 128, and a second cluster's proxies then end with "too many open files".
 */
const WANTED = { max_user_instances: 1024, max_user_watches: 524_288 };
type Limit = keyof typeof WANTED;
const ALL = Object.keys(WANTED) as readonly Limit[];

export type Limits = Readonly<Record<Limit, number>>;
const FOLDER = '/proc/sys/fs/inotify';

export async function readLimits(folder = FOLDER): Promise<Limits> {
  const [max_user_instances = 0, max_user_watches = 0] = await Promise.all(
    ALL.map(async (name) => Number(await readFile(`${folder}/${name}`, 'utf8').catch(() => '0'))),
  );
  return { max_user_instances, max_user_watches };
}

export async function inotify(): Promise<Check> {
  if (process.platform !== 'linux') return fine('inotify', 'the engine has a virtual machine of its own');
  const found = await readLimits();
  const seen = `${found.max_user_instances} instances, ${found.max_user_watches} watches`;
  const low = tooLow(found);
  if (low.length === 0) return fine('inotify', seen);
  const remedy = `sysctl -w ${low.map((name) => `fs.inotify.${name}=${WANTED[name]}`).join(' ')}`;
  return limits('inotify', seen, process.getuid?.() === 0 ? `a run raises them, as root: ${remedy}` : remedy);
}

/** Raises the limits that are too low for a cluster, as root on Linux, and says so. Where it may not, the doctor has named the remedy. */
export async function roomToWatch(say: Say, folder = FOLDER): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return;
  const found = await readLimits(folder);
  for (const name of tooLow(found)) {
    const may = await writeFile(`${folder}/${name}`, `${WANTED[name]}`).then(
      () => true,
      () => false,
    );
    const change = `fs.inotify.${name}: ${found[name]} is too low for the proxies of a cluster`;
    say.note(
      may ? `${change}, raised to ${WANTED[name]} until this machine starts anew` : `${change}, and cannot be raised`,
    );
  }
}

function tooLow(found: Limits): readonly Limit[] {
  return ALL.filter((name) => found[name] < WANTED[name]);
}
