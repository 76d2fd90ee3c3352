import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Kube } from '../kube/kube.ts';
import { converge } from '../waiting/converge.ts';

const state = z.object({ terminated: z.object({ exitCode: z.number() }).optional() });
const schema = z.object({
  spec: z.object({
    containers: z.array(z.object({ name: z.string(), image: z.string() })),
    initContainers: z.array(z.object({ name: z.string(), image: z.string() })).default([]),
  }),
  status: z.object({
    ephemeralContainerStatuses: z.array(z.object({ name: z.string(), state: state.default({}) })).default([]),
  }),
});

/** Both ways in which a kernel may keep them. */
const SAVE = 'iptables-nft-save -t nat; iptables-legacy-save -t nat';

/**
 * The rules that redirect a pod's packets, read from inside its network: a container that is added to the running pod, of the proxy's
 * own image, may look at them, and ends. It needs no way to the node, so it works on any cluster.
 *
 * @throws HarnessError REDIRECTION_UNREADABLE where the cluster lets no such container in
 */
export async function redirectionRulesOf(kube: Kube, namespace: string, name: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const doing = `Reading the redirection of ${namespace}/${name}`;
  const pod = schema.parse(await kube.rest.json({ method: 'GET', path }, doing));
  const image = [...pod.spec.initContainers, ...pod.spec.containers].find((one) => one.name === 'istio-proxy')?.image;
  if (image === undefined) throw unreadable(doing, 'the pod has no proxy');
  const look = { name: `look-${randomUUID().slice(0, 8)}`, image, imagePullPolicy: 'IfNotPresent' };
  const securityContext = {
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
  };
  const body = JSON.stringify({
    spec: { ephemeralContainers: [{ ...look, command: ['sh', '-c', SAVE], securityContext }] },
  });
  const contentType = 'application/strategic-merge-patch+json';
  await kube.rest.json({ method: 'PATCH', path: `${path}/ephemeralcontainers`, body, contentType }, doing);
  const ended = async () =>
    schema
      .parse(await kube.rest.json({ method: 'GET', path }, doing))
      .status.ephemeralContainerStatuses.some((one) => one.name === look.name && one.state.terminated !== undefined);
  const { held, millis } = await converge(ended, Boolean, { within: 30_000, every: 200 });
  if (!held) throw unreadable(doing, 'the container that looks did not end', millis);
  return kube.rest.text({ method: 'GET', path: `${path}/log`, query: { container: look.name } }, doing);
}

function unreadable(doing: string, seen: string, afterMillis?: number): HarnessError {
  return new HarnessError({
    code: 'REDIRECTION_UNREADABLE',
    blame: 'environment',
    doing,
    expected: 'an ephemeral container with NET_ADMIN to print the rules',
    seen,
    ...(afterMillis === undefined ? {} : { afterMillis }),
    next: "see the pod's events: the cluster must allow such containers",
  });
}
