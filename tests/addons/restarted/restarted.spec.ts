import { expect } from '@playwright/test';
import { addOnsTest } from '../../../fixtures/addons.ts';
import type { Cluster } from '../../../fixtures/cluster.ts';
import { addOnNames } from '../../../mesh/addons/catalogue.ts';
import { newRun } from '../../../mesh/world/run.ts';

const states = Object.fromEntries(addOnNames.map((name) => [name, { state: 'ready' }]));
const record = { metadata: {}, data: { states: JSON.stringify({ run: newRun(), addOns: states }) } };

/** A cluster in which Zipkin has begun anew so often. */
class Restarting {
  restarts = 0;
  readonly kube = {
    get: () => Promise.resolve(record),
    list: () => Promise.resolve([this.#pod()]),
    pod: () => ({}),
  };

  #pod() {
    return {
      metadata: { name: 'zipkin-1', namespace: 'istio-system', uid: '1' },
      spec: { containers: [] },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'zipkin', ready: true, restartCount: this.restarts }],
      },
    };
  }
}

/** The real add-ons, in a cluster where the test itself has one begin anew. */
const test = addOnsTest.extend<object, { restarting: Restarting }>({
  restarting: [async ({}, use) => use(new Restarting()), { scope: 'worker' }],
  cluster: [
    async ({ restarting: { kube } }, use) => use({ kube, handle: { name: 'restarted' } } as unknown as Cluster),
    { scope: 'worker' },
  ],
});

test.describe.configure({ mode: 'parallel' });

test('nothing happens', async ({ addOns }) => {
  await addOns.need('zipkin');
});

test('a red verdict', async ({ addOns }) => {
  await addOns.need('zipkin');
  expect('no trace').toBe('a trace');
});

test('it begins anew', async ({ addOns, restarting }) => {
  await addOns.need('zipkin');
  restarting.restarts += 1;
});

test('a red verdict when it begins anew', async ({ addOns, restarting }) => {
  await addOns.need('zipkin');
  restarting.restarts += 1;
  expect('no trace').toBe('a trace');
});

test('a red verdict when one begins anew that was not needed', ({ restarting }) => {
  restarting.restarts += 1;
  expect('no trace').toBe('a trace');
});
