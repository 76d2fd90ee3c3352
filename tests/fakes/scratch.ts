import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A folder that lives as long as the test's scope. */
export interface Scratch extends AsyncDisposable {
  readonly path: string;
  at(...parts: readonly string[]): string;
}

export async function scratch(): Promise<Scratch> {
  const path = await mkdtemp(join(tmpdir(), 'istio-e2e-test-'));
  return {
    path,
    at: (...parts) => join(path, ...parts),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** Writes a shell script that stands for a program. Returns its path. */
export async function program(folder: Scratch, name: string, lines: readonly string[]): Promise<string> {
  const path = folder.at(name);
  await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path, 0o755);
  return path;
}

/** Puts a folder's programs before all others, for as long as the test's scope lives. */
export function firstOnPath({ path }: Scratch): Disposable {
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${path}${delimiter}${before}`;
  return {
    [Symbol.dispose]: () => {
      process.env['PATH'] = before;
    },
  };
}
