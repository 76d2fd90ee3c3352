import { expect, test } from 'vitest';
import { names } from '../../mesh/world/names.ts';
import { sweep, sweepMeshWide, sweepSlot } from '../../mesh/world/sweep.ts';
import { cluster } from '../kube/api-server.ts';

const ours = { [names.managedBy]: names.manager };
const object = (name: string, namespace: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace, labels },
});

/** What an API server would list, by the end of the path. */
const lists: Readonly<Record<string, readonly object[]>> = {
  namespaces: [{ metadata: { name: 'istio-e2e-w0', labels: ours } }],
  gateways: [
    object('of-this-run', 'istio-e2e-w0', { ...ours, [names.run]: 'r2' }),
    object('of-an-old-run', 'istio-e2e-w0', { ...ours, [names.run]: 'r1' }),
    object('by-hand', 'istio-e2e-w0'),
    object('old-and-elsewhere', 'istio-system', { ...ours, [names.run]: 'r1' }),
    object('of-somebody-else', 'default'),
  ],
  authorizationpolicies: [object('deny', 'istio-e2e-w0')],
  secrets: [object('credential', 'istio-e2e-w0', { ...ours, [names.run]: 'r1' })],
};

const answer = ({ method, path }: { readonly method: string; readonly path: string }) => {
  const items = lists[path.replace(/\?.*/, '').replace(/.*\//, '')] ?? [];
  const [, namespace] = /\/namespaces\/([^/]+)/.exec(path) ?? [];
  const inScope = items.filter((item) => namespace === undefined || JSON.stringify(item).includes(`"${namespace}"`));
  return method === 'GET' && path.startsWith('/api')
    ? { status: 200, body: { items: inScope, resources: [] } }
    : { status: 200, body: {} };
};

function hearing() {
  const heard: string[] = [];
  const note = (what: string) => heard.push(what);
  return { heard, say: Object.assign(() => undefined, { note }) };
}

test('what other runs left is removed aloud, and nothing that is not ours', async () => {
  await using there = await cluster(answer);
  const { heard, say } = hearing();
  const removed = await sweep(there.kube, { id: 'r2', host: 'here', pid: 1 }, say);
  expect(removed).toEqual([
    'Gateway istio-e2e-w0/of-an-old-run',
    'Gateway istio-e2e-w0/by-hand',
    'Gateway istio-system/old-and-elsewhere',
    'AuthorizationPolicy istio-e2e-w0/deny',
    'Secret istio-e2e-w0/credential',
  ]);
  expect(there.server.seen.filter(({ method }) => method === 'DELETE')).toHaveLength(5);
  expect(heard[0]).toBe('removing Gateway istio-e2e-w0/of-an-old-run, left behind by a test that came to no end');
});

test('a worker starts from nothing, whoever made it', async () => {
  await using there = await cluster(answer);
  const removed = await sweepSlot(there.kube, 'istio-e2e-w0', (work) => work(), hearing().say);
  expect(removed).toContain('Gateway istio-e2e-w0/of-this-run');
  expect(removed).not.toContain('Gateway istio-system/old-and-elsewhere');
});

test('what this run left for the whole mesh is removed, and what others did there is not', async () => {
  await using there = await cluster(answer);
  const removed = await sweepMeshWide(there.kube, { id: 'r1', host: 'here', pid: 1 }, hearing().say);
  expect(removed).toEqual(['Gateway istio-system/old-and-elsewhere']);
  expect(await sweepMeshWide(there.kube, { id: 'r2', host: 'here', pid: 1 }, hearing().say)).toEqual([]);
});
