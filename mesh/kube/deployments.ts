import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { converge, type Pace, systemClock } from '../waiting/converge.ts';
import { lastWarning } from './diagnosis.ts';
import type { Kube } from './kube.ts';
import { troubleIn } from './trouble.ts';

const schema = z.object({
  metadata: z.object({ name: z.string(), generation: z.number().default(0) }),
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      readyReplicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      replicas: z.number().default(0),
    })
    .prefault({}),
});

export interface Deployment {
  readonly name: string;
  /** Labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly wanted: number;
  readonly ready: number;
  /** All that it asks for is there, of its newest template, and nothing more. */
  readonly settled: boolean;
}

export async function deploymentsIn(kube: Kube, namespace: string): Promise<readonly Deployment[]> {
  const found = await kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', namespace });
  return found.map((object) => inShort(schema.parse(object)));
}

export interface Patience extends Pace {
  /** Milliseconds without one more ready replica after which it is given up: a slow machine is not a broken one. */
  readonly stalled: number;
}

/** Waits until every deployment has what its own spec asks for; one that asks for nothing has it. */
export async function deploymentsReady(
  kube: Kube,
  namespace: string,
  patience: Patience,
): Promise<readonly Deployment[]> {
  const { stalled, clock = systemClock } = patience;
  const isDone = (all: readonly Deployment[]) => all.every(({ settled }) => settled);
  let best = { ready: -1, at: clock.now() };
  const isOver = (all: readonly Deployment[]) => {
    const ready = all.reduce((sum, one) => sum + one.ready, 0);
    if (ready > best.ready) best = { ready, at: clock.now() };
    return isDone(all) || clock.now() - best.at > stalled;
  };
  const { last, millis } = await converge(() => deploymentsIn(kube, namespace), isOver, patience);
  if (isDone(last)) return last;
  const late = last.filter(({ settled }) => !settled).map(({ name, ready, wanted }) => `${name} ${ready} of ${wanted}`);
  throw new HarnessError({
    code: 'DEPLOYMENTS_NOT_READY',
    blame: 'environment',
    doing: `Waiting for the deployments of namespace ${namespace}`,
    expected: 'every replica ready',
    seen: [late.join(', '), (await troubleIn(kube, namespace)) ?? (await lastWarning(kube, namespace))]
      .filter((words) => words !== undefined)
      .join('; '),
    afterMillis: millis,
    next: `look at the pods' events: kubectl get events -n ${namespace} --sort-by=.lastTimestamp`,
  });
}

function inShort({ metadata, spec, status }: z.infer<typeof schema>): Deployment {
  const wanted = spec.replicas;
  const ready = status.readyReplicas;
  const settled =
    status.observedGeneration >= metadata.generation &&
    ready === wanted &&
    status.updatedReplicas === wanted &&
    status.replicas === wanted;
  return { name: metadata.name, labels: spec.template.metadata.labels, wanted, ready, settled };
}
