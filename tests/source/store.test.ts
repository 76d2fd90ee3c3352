import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quiet } from '../../mesh/say.ts';
import { Lock } from '../../mesh/lock.ts';
import { cacheLock, keep, lockCache } from '../../mesh/source/store.ts';
import { startChild } from '../fakes/child.ts';
import { scratch } from '../fakes/scratch.ts';

async function makeWhole(halfMade: string): Promise<void> {
  await mkdir(halfMade);
  await writeFile(join(halfMade, 'second'), 'whole');
}

describe('keep', () => {
  test('makes what is missing, folders above it too, and does not make it again', async () => {
    await using folder = await scratch();
    const path = folder.at('deep', 'thing');
    let made = 0;
    const make = async (halfMade: string) => {
      made += 1;
      await writeFile(halfMade, `made ${made} times`);
    };
    expect(await keep(path, make)).toBe(path);
    expect(await keep(path, make)).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('made 1 times');
    expect(await readdir(folder.at('deep'))).toEqual(['thing']);
  });

  test('nothing stands under the name while it is being made', async () => {
    await using folder = await scratch();
    const path = folder.at('thing');
    await keep(path, async (halfMade) => {
      await makeWhole(halfMade);
      expect(existsSync(path)).toBe(false);
    });
    expect(existsSync(path)).toBe(true);
  });

  test('a making that fails cleans up after itself and keeps its error', async () => {
    await using folder = await scratch();
    const broken = keep(folder.at('thing'), async (halfMade) => {
      await makeWhole(halfMade);
      throw new Error('the compiler is broken');
    });
    await expect(broken).rejects.toThrow('the compiler is broken');
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('a making that is killed with -9 leaves nothing that passes for whole, and the next one starts anew', async () => {
    await using folder = await scratch();
    const path = folder.at('thing');
    await using maker = await startChild('make-half', path);
    await maker.killHard();
    expect(existsSync(path)).toBe(false);
    await keep(path, makeWhole);
    expect(await readdir(folder.path)).toEqual(['thing']);
    expect(await readdir(path)).toEqual(['second']);
  });
});

describe('lockCache', () => {
  test('keeps others from filling the cache until it is released', async () => {
    const path = cacheLock('build');
    {
      using _lock = await lockCache(quiet);
      expect(Lock.take(path)).toEqual({ heldBy: expect.stringContaining(`process ${process.pid}, since `) as string });
    }
    using again = await lockCache(quiet);
    expect(again).toBeInstanceOf(Lock);
  });

  test('says whom it waits for, and has the cache as soon as that one ends', async () => {
    const path = cacheLock('build');
    await using holder = await startChild('hold-lock', path, '300');
    const said: string[] = [];
    using lock = await lockCache(Object.assign(() => undefined, { note: (what: string) => said.push(what) }));
    expect(lock).toBeInstanceOf(Lock);
    expect(said).toEqual([expect.stringMatching(/^waiting for another build that fills the same cache \(process \d+/)]);
    await holder.exited;
  });
});
