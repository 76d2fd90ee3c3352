import { expect, test } from 'vitest';
import { changes, inventoryOf } from '../../mesh/kube/inventory.ts';
import { cluster } from './api-server.ts';

const listed = (name: string, kind: string) => ({ name, kind, namespaced: true, verbs: ['get', 'list'] });
const object = (name: string, extra: object = {}) => ({
  metadata: { name, namespace: 'default', resourceVersion: `${Math.random()}`, managedFields: [Math.random()] },
  ...extra,
});

function serving(maps: readonly object[]) {
  const bodies: Readonly<Record<string, unknown>> = {
    '/apis': { groups: [{ preferredVersion: { groupVersion: 'coordination.k8s.io/v1' } }] },
    '/apis/coordination.k8s.io/v1': { resources: [listed('leases', 'Lease')] },
    '/apis/coordination.k8s.io/v1/leases': { items: [object('a-lease')] },
  };
  return cluster(({ path }) => {
    if (path === '/api/v1/namespaces' || path === '/api/v1/pods') return { status: 200, body: { items: [] } };
    if (path === '/api/v1/secrets') return { status: 200, body: { items: maps } };
    const body = bodies[path];
    return body === undefined ? { status: 404, body: {} } : { status: 200, body };
  });
}

test('an inventory has every object once, without leases and without what changes by itself', async () => {
  await using one = await serving([object('a', { data: { x: '1' } }), object('b')]);
  await using same = await serving([object('a', { data: { x: '1' } }), object('b')]);
  const [before, after] = [await inventoryOf(one.kube), await inventoryOf(same.kube)];
  expect([...before.keys()]).toEqual(['Secret default/a', 'Secret default/b']);
  expect(changes(before, after)).toEqual([]);
});

test('what is more, less and otherwise is told by name', async () => {
  await using one = await serving([object('a', { data: { x: '1' } }), object('b')]);
  await using other = await serving([object('a', { data: { x: '2' } }), object('c')]);
  expect(changes(await inventoryOf(one.kube), await inventoryOf(other.kube))).toEqual([
    '~ Secret default/a (data.x)',
    '- Secret default/b',
    '+ Secret default/c',
  ]);
});
