import { parse } from 'yaml';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { readMeshConfig } from '../istio/mesh-config.ts';
import { policiesOfOthers } from '../istio/mesh-policies.ts';
import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords } from '../kube/objects.ts';
import { isMessage } from '../proxy/dump.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';

const CLUSTER_DOMAIN = 'cluster.local';

const peers = z.object({
  spec: z
    .object({ selector: z.unknown().optional(), mtls: z.object({ mode: z.string().default('') }).prefault({}) })
    .prefault({}),
});
const authorization = z.object({
  spec: z
    .object({
      selector: z.unknown().optional(),
      targetRef: z.unknown().optional(),
      targetRefs: z.unknown().optional(),
      action: z.string().default('ALLOW'),
      rules: z.array(z.record(z.string(), z.unknown())).default([]),
    })
    .prefault({}),
});
const meshConfig = z.object({
  rootNamespace: z.string().default(ISTIO_NAMESPACE),
  discoverySelectors: z.array(z.unknown()).default([]),
  outboundTrafficPolicy: z.object({ mode: z.string().default('') }).prefault({}),
});
const injector = z.object({
  global: z
    .object({ proxy: z.object({ clusterDomain: z.string().default(CLUSTER_DOMAIN) }).prefault({}) })
    .prefault({}),
});
const service = z.object({ spec: z.object({ clusterIP: z.string().default('') }) });
const configMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

interface Flaw {
  readonly seen: string;
  readonly next: string;
}

/**
 * What somebody made hold in the whole mesh, and what leaves most suites red for no fault of the release.
 *
 * @throws HarnessError MESH_CLOSED
 */
export async function demandOpenMesh(kube: Kube): Promise<void> {
  const [policies, settings, domain] = await Promise.all([
    closingPolicies(kube),
    closingSettings(kube),
    otherDomain(kube),
  ]);
  const [flaw] = [...policies, ...settings, ...domain];
  if (flaw === undefined) return;
  throw new HarnessError({
    code: 'MESH_CLOSED',
    blame: 'usage',
    doing: 'Looking at what holds in the whole mesh',
    expected: 'a mesh as Istio installs it, in which callers without a sidecar are answered and the outside is open',
    seen: flaw.seen,
    next: `${flaw.next}, or use another cluster: the suites close parts of the mesh themselves`,
  });
}

async function closingPolicies(kube: Kube): Promise<readonly Flaw[]> {
  const theirs = await policiesOfOthers(kube, ['PeerAuthentication', 'AuthorizationPolicy']);
  const flaw = (one: KubeObject, words: string) => ({
    seen: `${objectInWords(one)} ${words}`,
    next: `take it away (kubectl -n ${ISTIO_NAMESPACE} delete ${one.kind.toLowerCase()} ${one.metadata.name})`,
  });
  const [peer, authorizations] = [theirs.filter(isPeers), theirs.filter((one) => !isPeers(one))];
  const strict = peer.filter((one) => {
    const { selector, mtls } = peers.parse(one).spec;
    return isForAll(selector) && mtls.mode === 'STRICT';
  });
  return [
    ...strict.map((one) => flaw(one, 'demands mutual TLS of everybody')),
    ...excluding(authorizations).map((one) => flaw(one, 'refuses everybody whom it does not name')),
  ];
}

const isPeers = ({ kind }: KubeObject): boolean => kind === 'PeerAuthentication';

/** Those that refuse everywhere whom they do not let in, which one of all that allow may do, or whom they refuse without a condition. */
function excluding(policies: readonly KubeObject[]): readonly KubeObject[] {
  const forAll = policies
    .map((object) => ({ object, ...authorization.parse(object).spec }))
    .filter(({ selector, targetRef, targetRefs }) => isForAll(selector, targetRef, targetRefs))
    .map((one) => ({ ...one, isOpen: one.rules.some((rule) => Object.keys(rule).length === 0) }));
  const allowing = forAll.filter(({ action }) => action === 'ALLOW');
  const denying = forAll.filter(({ action, isOpen }) => action === 'DENY' && isOpen);
  const closed = allowing.some(({ isOpen }) => isOpen) ? [] : allowing;
  return [...denying, ...closed].map(({ object }) => object);
}

/** An empty selector selects all. */
function isForAll(...selections: readonly unknown[]): boolean {
  return selections.every((one) => one === undefined || (isMessage(one) && Object.keys(one).length === 0));
}

async function closingSettings(kube: Kube): Promise<readonly Flaw[]> {
  const parsed = meshConfig.parse(parse(await readMeshConfig(kube)) ?? {});
  const { rootNamespace, discoverySelectors, outboundTrafficPolicy } = parsed;
  const flaw = (words: string) => ({ seen: `its configuration has ${words}`, next: 'take that out of it' });
  return [
    ...(outboundTrafficPolicy.mode === 'REGISTRY_ONLY' ? [flaw('outboundTrafficPolicy REGISTRY_ONLY')] : []),
    ...(discoverySelectors.length > 0 ? [flaw("discoverySelectors, which the harness's namespaces need not fit")] : []),
    ...(rootNamespace === ISTIO_NAMESPACE ? [] : [flaw(`rootNamespace ${rootNamespace}, and not ${ISTIO_NAMESPACE}`)]),
  ];
}

/** Rules name hosts in full. */
async function otherDomain(kube: Kube): Promise<readonly Flaw[]> {
  const ref = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: ISTIO_NAMESPACE, name: 'istio-sidecar-injector' },
  };
  const { values = '{}' } = configMap.parse((await kube.get(ref)) ?? {}).data;
  const { clusterDomain } = injector.parse(parse(values) ?? {}).global.proxy;
  if (clusterDomain === CLUSTER_DOMAIN) return [];
  return [
    { seen: `its services are in the domain ${clusterDomain}, and not ${CLUSTER_DOMAIN}`, next: 'name none to Istio' },
  ];
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
