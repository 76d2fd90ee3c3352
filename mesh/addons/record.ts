import { z } from 'zod';
import type { Kube } from '../kube/kube.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';
import { type Run, runSchema } from '../world/run.ts';
import { type AddOnName, addOnNames } from './catalogue.ts';

const state = z.discriminatedUnion('state', [
  z.object({ state: z.literal('coming') }),
  z.object({ state: z.literal('ready') }),
  /** It cannot be had here, which is nobody's fault. */
  z.object({ state: z.literal('lacking'), reason: z.string() }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);
const schema = z.object({ run: runSchema, addOns: z.record(z.enum(addOnNames), state) });

export type AddOnState = z.infer<typeof state>;
export type AddOnStates = Readonly<Record<AddOnName, AddOnState>>;

const ref = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio-e2e-add-ons', namespace: ISTIO_NAMESPACE },
} as const;

/** How far the add-ons of a cluster are, and whose doing that is. It stands in the cluster, so that it ends with it. */
export async function readAddOns(kube: Kube): Promise<{ readonly run: Run; readonly addOns: AddOnStates } | undefined> {
  const found = (await kube.get(ref)) as { readonly data?: { readonly states?: string } } | undefined;
  const states = found?.data?.states;
  return states === undefined ? undefined : schema.parse(JSON.parse(states));
}

export async function writeAddOns(kube: Kube, run: Run, addOns: AddOnStates): Promise<void> {
  const labels = { [names.managedBy]: names.manager, [names.addOn]: 'record' };
  const data = { states: JSON.stringify({ run, addOns }) };
  await kube.apply({ ...ref, metadata: { ...ref.metadata, labels }, data });
}
