import { expect, test } from 'vitest';
import { assertStillThere, findAddOn } from '../../mesh/addons/find.ts';
import type { AddOnState } from '../../mesh/addons/record.ts';
import { addOnNames } from '../../mesh/addons/catalogue.ts';
import { newRun, type Run } from '../../mesh/world/run.ts';
import { cluster } from '../kube/api-server.ts';

const ready = {
  metadata: { name: 'zipkin-1', namespace: 'istio-system', uid: '1' },
  spec: { containers: [] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

/** A cluster whose record says these states of Zipkin, one after the other; the last one stays. */
async function withZipkin(
  states: readonly (AddOnState | undefined)[],
  pods: readonly object[] = [ready],
  run: Run = newRun(),
) {
  let looks = 0;
  return cluster(({ path }) => {
    if (path.includes('/pods')) return { status: 200, body: { items: pods } };
    const zipkin = states[Math.min(looks, states.length - 1)];
    looks += 1;
    if (zipkin === undefined) return { status: 404, body: {} };
    const all = { ...Object.fromEntries(addOnNames.map((name) => [name, { state: 'ready' }])), zipkin };
    return { status: 200, body: { metadata: {}, data: { states: JSON.stringify({ run, addOns: all }) } } };
  });
}

const pace = { within: 200, every: 5 };

test('one that is on its way is waited for', async () => {
  await using api = await withZipkin([{ state: 'coming' }, { state: 'coming' }, { state: 'ready' }]);
  expect(await findAddOn(api.kube, 'zipkin', pace)).toMatchObject({ name: 'zipkin', pod: 'zipkin-1' });
});

test('one that cannot be had, or that nobody brought, is missing, with the reason', async () => {
  await using lacking = await withZipkin([{ state: 'lacking', reason: 'no package has Zipkin' }]);
  expect(await findAddOn(lacking.kube, 'zipkin', pace)).toEqual({ missing: 'no package has Zipkin' });
  await using none = await withZipkin([undefined]);
  expect(await findAddOn(none.kube, 'zipkin', pace)).toEqual({
    missing: 'Zipkin is not installed on this cluster: npm run addons',
  });
});

test('one that begins anew has forgotten everything, and is a matter of the environment', async () => {
  await using api = await withZipkin([{ state: 'ready' }]);
  const zipkin = await findAddOn(api.kube, 'zipkin', pace);
  if ('missing' in zipkin) throw new Error(zipkin.missing);
  await assertStillThere(api.kube, zipkin);
  await expect(assertStillThere(api.kube, { ...zipkin, restarts: 7 })).rejects.toThrow(
    /begun anew.*\[ADD_ON_FAILED\]/s,
  );
  await expect(assertStillThere(api.kube, { ...zipkin, pod: 'zipkin-0' })).rejects.toThrow(/ADD_ON_FAILED/);
});

test.each([
  [
    'that failed',
    [{ state: 'failed', reason: 'no room' }],
    [ready],
    newRun(),
    /^Looking for Zipkin: no room .*\[ADD_ON_FAILED\]/,
  ],
  ['that never comes', [{ state: 'coming' }], [ready], newRun(), /it is still on its way/],
  [
    'whose run died',
    [{ state: 'coming' }],
    [ready],
    { ...newRun(), started: 'before' },
    /the run that was bringing it has died/,
  ],
  ['whose pod went away', [{ state: 'ready' }], [], newRun(), /no pod of it is now/],
] as const)('one %s is a matter of the environment', async (_, states, pods, run, words) => {
  await using api = await withZipkin(states, pods, run);
  await expect(findAddOn(api.kube, 'zipkin', pace)).rejects.toThrow(words);
  await expect(findAddOn(api.kube, 'zipkin', pace)).rejects.toMatchObject({ blame: 'environment' });
});
