import { existsSync } from 'node:fs';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { connect, type Kube } from '../kube/kube.ts';
import { converge } from '../waiting/converge.ts';
import type { ClusterAccess } from './provider.ts';

const nodesSchema = z.array(
  z.object({
    status: z
      .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
      .prefault({}),
  }),
);

/** Whether the API server says that it is ready, within some seconds. */
export async function answersReady(access: ClusterAccess): Promise<boolean> {
  if (!existsSync(access.kubeconfig)) return false;
  const kube = await connect(access);
  const look = () =>
    kube.rest.call({ method: 'GET', path: '/readyz' }).then(
      ({ status }) => status === 200,
      () => false,
    );
  const { held } = await converge(look, Boolean, { every: 250, within: 5_000 });
  await kube.close();
  return held;
}

/** @throws HarnessError NODE_NOT_READY where no node becomes ready in two minutes */
export async function awaitNode(access: ClusterAccess): Promise<void> {
  const kube = await connect(access);
  const { held, millis } = await converge(() => isNodeReady(kube), Boolean, { every: 200, within: 120_000 });
  await kube.close();
  if (held) return;
  throw new HarnessError({
    code: 'NODE_NOT_READY',
    blame: 'environment',
    doing: `Making cluster ${access.name}`,
    expected: 'its node ready',
    seen: 'it is not',
    afterMillis: millis,
    next: 'run this again; `npm run doctor` names what this machine lacks',
  });
}

async function isNodeReady(kube: Kube): Promise<boolean> {
  const nodes = nodesSchema.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  return nodes.some(({ status }) =>
    status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
}
