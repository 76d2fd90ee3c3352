import { mkdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Lock, lockCluster } from '../../mesh/lock.ts';
import { startChild } from '../fakes/child.ts';
import { scratch } from '../fakes/scratch.ts';

describe('Lock', () => {
  test('a second taker is refused at once, and told who holds it since when', async () => {
    await using folder = await scratch();
    await using holder = await startChild('hold-lock', folder.at('lock'), '3600000');
    expect(Lock.take(folder.at('lock'))).toEqual({
      heldBy: expect.stringMatching(
        new RegExp(`^process ${holder.pid ?? ''}, since \\d{4}-\\d\\d-\\d\\dT.*Z$`),
      ) as string,
    });
  });

  test('it is free the moment its holder is killed with -9', async () => {
    await using folder = await scratch();
    await using holder = await startChild('hold-lock', folder.at('lock'), '3600000');
    await holder.killHard();
    using lock = Lock.take(folder.at('lock')) as Lock;
    expect(lock).toBeInstanceOf(Lock);
  });

  test('within one process too it is taken once, and again when it was released', async () => {
    await using folder = await scratch();
    const path = folder.at('deep', 'lock');
    const first = Lock.take(path) as Lock;
    expect(Lock.take(path)).not.toBeInstanceOf(Lock);
    first[Symbol.dispose]();
    using second = Lock.take(path) as Lock;
    expect(second).toBeInstanceOf(Lock);
  });

  test('it is taken, and holds, where its holder can write nothing down', async () => {
    await using folder = await scratch();
    // Fails as a full disk does, for everybody and everywhere: what frees the disk needs the lock.
    await mkdir(folder.at('lock.holder'));
    using lock = Lock.take(folder.at('lock')) as Lock;
    expect(lock).toBeInstanceOf(Lock);
    expect(Lock.take(folder.at('lock'))).toEqual({ heldBy: 'a process that has not said who it is' });
  });

  test('locks of different clusters do not know each other', async () => {
    await using folder = await scratch();
    using one = Lock.take(folder.at('one')) as Lock;
    using other = Lock.take(folder.at('other')) as Lock;
    expect([one, other]).toEqual([expect.any(Lock), expect.any(Lock)]);
  });
});

test('a cluster on which another run works is refused with what to do', async () => {
  await using folder = await scratch();
  await using holder = await startChild('hold-lock', folder.at('lock'), '3600000');
  expect(() => lockCluster('istio-e2e', folder.at('lock'))).toThrow(
    expect.objectContaining({
      code: 'CLUSTER_BUSY',
      blame: 'environment',
      message: expect.stringMatching(
        new RegExp(
          `^Starting to work on cluster istio-e2e: another run is at work on it \\(process ${holder.pid ?? ''}, since .*\\) \\[CLUSTER_BUSY\\]\n {2}what to do: wait for it to end, or use a cluster of your own: --cluster NAME$`,
        ),
      ) as string,
    }),
  );
});
