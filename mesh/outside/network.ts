import { z } from 'zod';
import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';

const nodes = z.array(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ providerID: z.string().default('') }) }),
);
const networks = z.record(z.string(), z.object({ IPAddress: z.string() }));

/** The network of this machine's engine that the cluster's nodes are on: what stands there is outside the cluster, and can be reached from it. */
export async function networkOfNodes(kube: Kube): Promise<string> {
  const [node] = nodes.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  const name = node?.metadata.name ?? '';
  if (node?.spec.providerID.startsWith('kind://docker/') !== true)
    throw noNetwork(`node ${name} is no container of it`);
  const printed = await run(
    'docker',
    ['container', 'inspect', '--format', '{{json .NetworkSettings.Networks}}', name],
    {
      doing: `Looking for the network of node ${name}`,
    },
  );
  const [network] = Object.keys(networks.parse(JSON.parse(printed)));
  if (network === undefined) throw noNetwork(`node ${name} is on none`);
  return network;
}

function noNetwork(seen: string): HarnessError {
  return new HarnessError({
    code: 'NO_NODE_NETWORK',
    blame: 'environment',
    doing: 'Looking for a network on which a server outside the cluster could stand',
    expected: "a kind cluster of this machine's engine",
    seen,
    next: 'leave the egress scenarios out on this cluster: --grep-invert @E0',
  });
}
