import { expect, test } from 'vitest';
import type { ClusterHandle } from '../../mesh/cluster/handle.ts';
import { dnsBroken } from '../../mesh/faults/around.ts';
import type { Scene } from '../../mesh/faults/fault.ts';
import type { Kube } from '../../mesh/kube/kube.ts';
import { restoreScales } from '../../mesh/mutants/scale.ts';
import { names } from '../../mesh/world/names.ts';
import { newRun } from '../../mesh/world/run.ts';
import { ensureSlots } from '../../mesh/world/slot.ts';
import { withDns } from '../fakes/dns.ts';
import { hearing } from '../fakes/hearing.ts';

const strike = ({ kube }: { readonly kube: Kube }) => dnsBroken.strike({ kube } as Scene);

test('while it has no pod, it is written on CoreDNS how many it had, and afterwards it is as it was', async () => {
  await using there = await withDns(3);
  const mend = await strike(there);
  expect(there.dns).toEqual({ replicas: 0, annotations: { [names.scaled]: '3' } });
  await mend();
  expect(there.dns).toEqual({ replicas: 3, annotations: {} });
});

test('a fault that was killed is mended by the next one, to what was there before both', async () => {
  await using there = await withDns(2);
  await strike(there);
  const mend = await strike(there);
  await mend();
  expect(there.dns).toEqual({ replicas: 2, annotations: {} });
});

test('one that cannot be injected is taken back at once', async () => {
  await using there = await withDns(2, { pods: false });
  await expect(strike(there)).rejects.toThrow(/pods is forbidden/);
  expect(there.dns).toEqual({ replicas: 2, annotations: {} });
});

test('what a killed fault took away is back before slots are made, since none becomes ready without it', async () => {
  await using there = await withDns(2);
  await strike(there);
  const { say, notes } = hearing();
  await expect(ensureSlots(there.kube, handle(true), 1, newRun(), say)).rejects.toThrow(/NAMESPACE_NOT_OURS/);
  expect(there.dns).toEqual({ replicas: 2, annotations: {} });
  expect(notes).toEqual([
    'scaling coredns in kube-system back to 2: an earlier run broke it on purpose and came to no end',
  ]);
});

test("in a cluster of somebody else's nothing is given back before it is known who works in the slots", async () => {
  await using there = await withDns(2);
  await strike(there);
  const { say } = hearing();
  await expect(ensureSlots(there.kube, handle(false), 1, newRun(), say)).rejects.toThrow(/NAMESPACE_NOT_OURS/);
  expect(there.dns.replicas).toBe(0);
  await restoreScales(there.kube, say);
  expect(there.dns).toEqual({ replicas: 2, annotations: {} });
});

function handle(owned: boolean): ClusterHandle {
  const apps = ['bookinfo', 'httpbin', 'kubia', 'nodebook', 'prober', 'tcp-echo', 'web'];
  const images = Object.fromEntries(apps.map((app) => [app, `istio-e2e/${app}:1`]));
  return { istioVersion: '1.31.1', kubernetesVersion: '1.36.3', owned, images } as unknown as ClusterHandle;
}
