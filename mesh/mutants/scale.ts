import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { deploymentsReady, type Patience } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import { converge } from '../waiting/converge.ts';
import type { Say } from '../say.ts';
import { names } from '../world/names.ts';

const usual: Patience = { within: 120_000, stalled: 60_000, every: 100 };

const schema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({ replicas: z.number().default(1) }),
});

/** Which deployment, and how many pods it is to have. */
export interface Scaling {
  readonly namespace: string;
  readonly name: string;
  readonly to: number;
}

/** Gives a deployment another number of pods while something is done. Throws as `scaleForNow` does. */
export async function whileScaled(kube: Kube, scaling: Scaling, work: () => Promise<void>): Promise<void> {
  const giveBack = await scaleForNow(kube, scaling);
  try {
    await work();
  } finally {
    await giveBack();
  }
}

/**
 * Gives a deployment another number of pods, and writes on it how many it had: whoever is killed before they are given back leaves that to
 * the next run.
 *
 * @returns what gives them back
 * @throws HarnessError NO_DEPLOYMENT where there is none of that name, NOT_SCALED where its pods do not follow
 */
export async function scaleForNow(
  kube: Kube,
  { namespace, name, to }: Scaling,
  patience = usual,
): Promise<() => Promise<void>> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } };
  const found = await kube.get(ref);
  if (found === undefined) throw noDeployment(namespace, name);
  const { metadata, spec } = schema.parse(found);
  // What an earlier one could not give back is what it had.
  const before = Number(metadata.annotations[names.scaled] ?? spec.replicas);
  const giveBack = () => scaleTo(kube, { namespace, name, to: before }, null, patience);
  try {
    await scaleTo(kube, { namespace, name, to }, `${before}`, patience);
    return giveBack;
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/**
 * Gives back what a run that was killed had taken from deployments.
 *
 * @param only where to look; everywhere where nothing is said
 */
export async function restoreScales(kube: Kube, say: Say, only: { readonly namespace?: string } = {}): Promise<void> {
  const all = await kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', ...only });
  for (const { metadata } of all.map((one) => schema.parse(one))) {
    const { name, namespace, annotations } = metadata;
    const before = annotations[names.scaled];
    if (before === undefined) continue;
    say.note(
      `scaling ${name} in ${namespace} back to ${before}: an earlier run broke it on purpose and came to no end`,
    );
    await scaleTo(kube, { namespace, name, to: Number(before) }, null, usual);
  }
}

async function scaleTo(
  kube: Kube,
  { namespace, name, to: replicas }: Scaling,
  before: string | null,
  patience: Patience,
): Promise<void> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } };
  await kube.merge(ref, { metadata: { annotations: { [names.scaled]: before } }, spec: { replicas } });
  const all = await deploymentsReady(kube, namespace, patience);
  const labels = all.find((deployment) => deployment.name === name)?.labels ?? {};
  // A deployment does not count pods on their way out, which serve until they are gone.
  const look = () => kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels });
  const { held, last, millis } = await converge(look, (pods) => pods.length === replicas, patience);
  if (held) return;
  throw new HarnessError({
    code: 'NOT_SCALED',
    blame: 'environment',
    doing: `Scaling ${name} in ${namespace} to ${replicas}`,
    seen: `${last.length} pods`,
    afterMillis: millis,
    next: 'see what keeps them: kubectl describe pods',
  });
}

function noDeployment(namespace: string, name: string): HarnessError {
  return new HarnessError({
    code: 'NO_DEPLOYMENT',
    blame: 'usage',
    doing: `Scaling ${name} in ${namespace}`,
    seen: 'there is no such deployment',
    next: "correct its name in the suite's mutants.yaml",
  });
}
