import { expect, test } from 'vitest';
import { sweepExtraCallers } from '../../mesh/world/extra-caller.ts';
import { names } from '../../mesh/world/names.ts';
import { newRun } from '../../mesh/world/run.ts';
import { hearing } from '../fakes/hearing.ts';
import { cluster } from '../kube/api-server.ts';

const mine = newRun();
const caller = (name: string, run: string) => ({
  metadata: {
    name,
    namespace: 'istio-e2e-w0',
    labels: { [names.managedBy]: names.manager, [names.extra]: 'true', [names.run]: run },
  },
});

test('a caller that an earlier run left goes aloud, and its pods are waited for', async () => {
  let looks = 0;
  await using there = await cluster(({ method, path }) => {
    if (method === 'DELETE') return { status: 200, body: {} };
    if (!path.includes('/pods'))
      return { status: 200, body: { items: [caller('left', 'old'), caller('mine', mine.id)] } };
    looks += 1;
    return { status: 200, body: { items: looks < 3 ? [{ metadata: { name: 'left-1' } }] : [] } };
  });
  const { say, notes } = hearing();
  await sweepExtraCallers(there.kube, mine, say);
  expect(notes).toEqual(['removing Deployment istio-e2e-w0/left, left behind by an earlier run']);
  const seen = there.server.seen.map(
    ({ method, path }) => `${method} ${path.replace(/[?].*/, '').replace(/.*\//, '')}`,
  );
  expect(seen.filter((call) => call.startsWith('DELETE'))).toEqual(['DELETE left']);
  expect(looks).toBe(3);
});
