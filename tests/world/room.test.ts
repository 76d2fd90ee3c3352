import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { names } from '../../mesh/world/names.ts';
import { closeRooms, sweepRooms } from '../../mesh/world/room.ts';
import { cluster } from '../kube/api-server.ts';
import { runBeside } from '../fakes/run-beside.ts';

const alive = runBeside('alive');
const dead = { id: 'dead', host: hostname(), pid: 4_194_304 };
const mine = { id: 'mine', host: hostname(), pid: process.pid };

const room = (name: string, run: typeof alive, extra: object = {}) => ({
  metadata: {
    name,
    labels: { [names.managedBy]: names.manager, [names.room]: 'true', [names.run]: run.id },
    annotations: { [names.claim]: JSON.stringify(run) },
    ...extra,
  },
});

async function rooms(...items: readonly object[]) {
  const there = await cluster(() => ({ status: 200, body: { items } }));
  const removed = () =>
    there.server.seen
      .filter(({ method, path }) => method === 'DELETE' && !path.includes('/pods'))
      .map(({ path }) => path);
  return { ...there, removed };
}

test('rooms of a run that died are removed aloud; those of runs at work, and those on their way out, are left', async () => {
  const gone = { deletionTimestamp: '2026-11-20T19:55:56Z' };
  await using there = await rooms(room('a', alive), room('b', dead), room('c', mine), room('d', dead, gone));
  const heard: string[] = [];
  const say = Object.assign(() => undefined, { note: (what: string) => heard.push(what) });
  expect(await sweepRooms(there.kube, mine, say)).toEqual(['b']);
  expect(there.removed()).toHaveLength(1);
  expect(heard).toEqual(['removing namespace b, left behind by an earlier run']);
});

test('at its end a run removes what its own workers left', async () => {
  await using there = await rooms(room('c', mine));
  await closeRooms(there.kube, mine);
  expect(there.removed()).toHaveLength(1);
});
