import { z } from 'zod';
import { ask } from '../command.ts';
import type { Kube } from '../kube/kube.ts';

const nodes = z.array(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ providerID: z.string().default('') }) }),
);
const networks = z.record(z.string(), z.unknown());

/**
 * The network that the cluster's nodes are on: what stands there is outside the cluster, and can be reached from it. Undefined where the nodes are no
 * containers of this machine's engine.
 */
export async function networkOfNodes(kube: Kube): Promise<string | undefined> {
  const [node] = nodes.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  if (node?.spec.providerID.startsWith('kind://docker/') !== true) return undefined;
  const format = '{{json .NetworkSettings.Networks}}';
  const printed = await ask('docker', ['container', 'inspect', '--format', format, node.metadata.name]);
  return printed === undefined ? undefined : Object.keys(networks.parse(JSON.parse(printed)))[0];
}
