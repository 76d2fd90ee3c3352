import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from '../command.ts';
import type { Taken } from './piece.ts';

/** Writes one archive with everything in a folder of its name, and a list of what is in it and what could not be had. */
export async function pack(taken: readonly Taken[], file: string, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'istio-e2e-bundle-'));
  try {
    const all = [...taken, { path: 'index.md', body: indexOf(taken) }];
    for (const { path, body } of all) {
      const target = join(folder, name, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, body);
    }
    await mkdir(dirname(resolve(file)), { recursive: true });
    // Whole, or not at all under its name.
    const begun = `${resolve(file)}.new`;
    await run('tar', ['-czf', begun, '-C', folder, name], { doing: `Packing ${file}` });
    await rename(begun, resolve(file));
  } finally {
    await rm(`${resolve(file)}.new`, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

export function indexOf(taken: readonly Taken[]): string {
  const missing = taken.filter((one) => one.missing !== undefined);
  return [
    '# Failure bundle of istio-e2e',
    '',
    'Tokens, keys, passwords and the credentials of the kubeconfig are taken out; so are pictures, archives, Secrets and the packed HTML report.',
    'Names of hosts, namespaces and images are not.',
    '',
    '## Could not be had',
    ...(missing.length === 0 ? ['- nothing'] : missing.map(({ path, missing: why }) => `- ${path}: ${why ?? ''}`)),
    '',
    '## In it',
    ...taken
      .filter((one) => one.missing === undefined)
      .map(({ path, body }) => `- ${path} (${Buffer.byteLength(body)} bytes)`),
    '',
  ].join('\n');
}
