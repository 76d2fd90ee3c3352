import { expect, test } from 'vitest';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import type { KubeObject } from '../../mesh/kube/objects.ts';
import { makeExtraCaller, sweepExtraCallers } from '../../mesh/world/extra-caller.ts';
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

test('a caller bears the label by which the next run finds those that were left', async () => {
  const ready = {
    metadata: { name: 'caller-1', namespace: 'istio-e2e-w0', uid: 'u' },
    spec: { containers: [{ name: 'prober' }] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  let removed = false;
  await using there = await cluster(({ method, path }) => {
    removed ||= method === 'DELETE';
    if (path.includes('/proxy/')) return { status: 200, body: { cluster_statuses: [] } };
    return { status: 200, body: { items: path.includes('/pods') && !removed ? [ready] : [] } };
  });
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'caller' } };
  const labels = { [names.managedBy]: names.manager, [names.run]: mine.id };
  const order = { objects: [deployment], namespace: 'istio-e2e-w0', labels, knowing: [] };
  await (await makeExtraCaller(there.kube, { images: {} } as ClusterHandle, order))[Symbol.asyncDispose]();
  await sweepExtraCallers(there.kube, mine, hearing().say);
  const { seen } = there.server;
  const applied = JSON.parse(seen.find(({ method }) => method === 'PATCH')?.body ?? '') as KubeObject;
  const listed = seen.find(({ path }) => path.startsWith('/apis/apps/v1/deployments?'))?.path ?? '';
  const selector = new URLSearchParams(listed.replace(/.*[?]/, '')).get('labelSelector') ?? '';
  expect(selector.split(',')).toContain(`${names.extra}=true`);
  // All of them, or it would be passed over.
  expect(applied.metadata.labels).toMatchObject(Object.fromEntries(selector.split(',').map((one) => one.split('='))));
});
