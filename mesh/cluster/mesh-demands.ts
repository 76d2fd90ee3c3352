import { parse } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { readMeshConfig } from '../istio/mesh-config.ts';
import { policiesOfOthers } from '../istio/mesh-policies.ts';
import type { Kube } from '../kube/kube.ts';
import { objectInWords } from '../kube/objects.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';

const policy = z.object({
  spec: z
    .object({ selector: z.unknown().optional(), mtls: z.object({ mode: z.string().default('') }).prefault({}) })
    .prefault({}),
});
const meshConfig = z.object({ outboundTrafficPolicy: z.object({ mode: z.string().default('') }).prefault({}) });
const service = z.object({ spec: z.object({ clusterIP: z.string().default('') }) });

/**
 * What somebody made hold in the whole mesh, and what leaves most suites red for no fault of the release.
 *
 * @throws HarnessError MESH_CLOSED
 */
export async function demandOpenMesh(kube: Kube): Promise<void> {
  const theirs = await policiesOfOthers(kube, ['PeerAuthentication']);
  const strict = theirs.find((one) => {
    const { selector, mtls } = policy.parse(one).spec;
    return selector === undefined && mtls.mode === 'STRICT';
  });
  const { outboundTrafficPolicy } = meshConfig.parse(parse(await readMeshConfig(kube)) ?? {});
  const seen =
    strict !== undefined
      ? `${objectInWords(strict)} demands mutual TLS of everybody`
      : outboundTrafficPolicy.mode === 'REGISTRY_ONLY'
        ? 'its configuration has outboundTrafficPolicy REGISTRY_ONLY'
        : undefined;
  if (seen === undefined) return;
  throw new HarnessError({
    code: 'MESH_CLOSED',
    blame: 'usage',
    doing: 'Looking at what holds in the whole mesh',
    expected: 'a mesh as Istio installs it, in which callers without a sidecar are answered and the outside is open',
    seen,
    next:
      strict === undefined
        ? 'take that out of it, or use another cluster: the suites close parts of the mesh themselves'
        : `take it away (kubectl -n ${ISTIO_NAMESPACE} delete peerauthentication ${strict.metadata.name}), or use another cluster: the suites close parts of the mesh themselves`,
  });
}

/** @throws HarnessError NO_IPV4: apps, addresses in rules and signs in proxies are IPv4's here */
export async function demandIPv4(kube: Kube): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } };
  const { clusterIP } = service.parse((await kube.get(ref)) ?? { spec: {} }).spec;
  if (!clusterIP.includes(':')) return;
  throw new HarnessError({
    code: 'NO_IPV4',
    blame: 'usage',
    doing: 'Looking at the addresses of the cluster',
    expected: 'a cluster that speaks IPv4 first',
    seen: `its API server has the address ${clusterIP} in the cluster`,
    next: 'use a cluster of IPv4, or of both with IPv4 first',
  });
}
