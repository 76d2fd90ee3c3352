import { expect } from '@playwright/test';
import type { Cluster } from '../../../fixtures/cluster.ts';
import { type Guard, guardTest } from '../../../fixtures/guard.ts';
import type { World } from '../../../mesh/world/world.ts';
import { panicOf, podOf, QuietMesh, refusedBy, ruleOf } from '../../guard/quiet-mesh.ts';

const slot = 'istio-e2e-w0';

/** The real guard, in a mesh that the test itself disturbs. */
const test = guardTest.extend<object, { mesh: QuietMesh }>({
  mesh: [async ({}, use) => use(new QuietMesh()), { scope: 'worker' }],
  cluster: [
    async ({ mesh }, use) => use({ kube: mesh.kube, handle: { name: 'guarded' } } as unknown as Cluster),
    { scope: 'worker' },
  ],
  world: [async ({}, use) => use({ namespace: slot } as World), { scope: 'worker' }],
});

// A test that is red takes its worker and its mesh along. One that is green leaves both to the next, and nothing that this one looks at.
test.describe.configure({ mode: 'parallel' });

const disturbances: Readonly<Record<string, (mesh: QuietMesh, guard: Guard) => unknown>> = {
  'nothing happens': () => undefined,
  'a rule is left behind': (mesh) => mesh.rules.push(ruleOf(slot, 'left')),
  'a proxy refuses its configuration': (mesh) => mesh.logs(refusedBy('prober-a', 'no such filter')),
  'a refusal is counted': (mesh) => mesh.counts('pilot_xds_cds_reject{err="Internal",node="prober-a.istio-e2e-w0"} 1'),
  'an error names the slot': (mesh) => mesh.logs('\terror\tmodel\tno endpoints for istio-e2e-w0/nodebook'),
  'an error names another slot': (mesh) => mesh.logs('\terror\tmodel\tno endpoints for istio-e2e-w1/nodebook'),
  'an error names none': (mesh) => mesh.logs('\terror\tklog\tlost the lease'),
  'a pod is replaced': (mesh) => {
    mesh.becomes('prober-a', podOf(slot, 'prober-b', 'prober'));
  },
  'a container begins anew': (mesh) => {
    mesh.becomes('prober-a', podOf(slot, 'prober-a', 'prober', 1));
  },
  'an Envoy crashes': (mesh) => {
    mesh.lastWords = 'error\tEnvoy exited with error: signal: aborted\n';
    mesh.becomes('prober-a', podOf(slot, 'prober-a', 'prober', 1));
  },
  'istiod panics': (mesh) => {
    mesh.lastWords = panicOf('panic: assignment to entry in nil map');
    mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
  },
  'a pod goes on purpose': (mesh, guard) => {
    guard.expects(/pod passer-a/, 'it is scaled down here');
    mesh.becomes('passer-a', podOf(slot, 'other-a', 'other'));
  },
};

for (const [title, disturb] of Object.entries(disturbances))
  test(title, ({ mesh, guard }) => {
    disturb(mesh, guard);
  });

test('a red verdict while a pod is replaced', ({ mesh }) => {
  mesh.becomes('prober-a', podOf(slot, 'prober-b', 'prober'));
  expect('200 from v3').toBe('200 from v4');
});

test('a red verdict while istiod is replaced', ({ mesh }) => {
  mesh.becomes('istiod-a', podOf('istio-system', 'istiod-b', 'istiod'));
  expect('200 from v3').toBe('200 from v4');
});

test('a red verdict while istiod panics', ({ mesh }) => {
  mesh.lastWords = panicOf('panic: assignment to entry in nil map');
  mesh.becomes('istiod-a', podOf('istio-system', 'istiod-a', 'istiod', 1));
  expect('200 from v3').toBe('200 from v4');
});
