import { BROWSER_VARIABLE, findChromium } from '../browser/find.ts';
import { ask, isOnPath } from '../command.ts';
import type { Engine } from '../engine/engine.ts';
import type { SourceName } from '../source/source.ts';
import { isNewEnough, NEEDED_GO } from '../source/packages/toolchain.ts';
import { hasBase, obstacle, REMEDY } from '../source/packages/rootfs.ts';
import { type Check, fine, lacks, limits } from './check.ts';

export function engine(found: Engine | undefined): Check {
  if (found !== undefined) return describe(found);
  const mayInstall =
    process.platform === 'linux' && process.getuid?.() === 0 && (isOnPath('dockerd') || isOnPath('apt-get'));
  const seen = isOnPath('docker') ? 'a docker command, but no engine answers' : 'no Docker here';
  if (mayInstall)
    return limits('engine', seen, 'nothing to do: the next `npm run up` installs (if need be) and starts one');
  return lacks('engine', seen, 'install and start Docker Engine or Docker Desktop, or set DOCKER_HOST');
}

function describe({ version, rootless, defaultRuntime }: Engine): Check {
  const seen = `Docker ${version}, runtime ${defaultRuntime}`;
  if (!rootless) return fine('engine', seen);
  return limits('engine', `${seen}, rootless`, 'not tested; kind wants cgroup v2 with delegated controllers there');
}

export async function go(source: SourceName): Promise<Check> {
  if (source === 'registry') return fine('Go', 'not needed');
  const printed = await ask('go', ['version']);
  if (printed !== undefined && isNewEnough(printed)) return fine('Go', printed.replace('go version ', ''));
  const seen = printed === undefined ? 'none' : `${printed}, older than ${NEEDED_GO.join('.')}`;
  return limits('Go', seen, 'nothing to do: a newer one is fetched from PyPI');
}

export async function python(source: SourceName): Promise<Check> {
  if (source === 'registry') return fine('Python', 'not needed');
  const printed = await ask('python3', ['-m', 'pip', '--version']);
  if (printed !== undefined) return fine('Python', printed.split(' from ')[0] ?? printed);
  return lacks('Python', 'no python3 with pip', 'apt-get install python3-pip');
}

/** A user who may not make it would hear so only after Go has compiled for ten minutes. */
export async function baseSystem(source: SourceName, why = obstacle()): Promise<Check> {
  if (source === 'registry') return fine('base system', 'not needed');
  if (await hasBase()) return fine('base system', 'made before');
  return why === undefined ? fine('base system', 'debootstrap makes it') : lacks('base system', why, REMEDY);
}

export async function browser(): Promise<Check> {
  const found = await findChromium();
  if (found !== undefined) return fine('browser', found);
  const remedy = `only suites that look at pages need one: \`npm run e2e\` installs it on Debian, as root; else install it, or name it in ${BROWSER_VARIABLE}`;
  return limits('browser', 'no Chromium', remedy);
}
