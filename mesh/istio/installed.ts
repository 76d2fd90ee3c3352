import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { deploymentsIn } from '../kube/deployments.ts';
import type { Kube } from '../kube/kube.ts';
import { names } from '../world/names.ts';

const deploymentSchema = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }) }),
});

export interface Installed {
  /** The tag of istiod's image, without what only says how that was made. */
  readonly version: string;
  /** Of the namespace istio-system. */
  readonly annotations: Readonly<Record<string, string>>;
  /** istiod and whatever gateways stand beside it have all their replicas. */
  readonly ready: boolean;
}

/** The Istio that is in the cluster, or undefined where there is none. */
export async function installed(kube: Kube): Promise<Installed | undefined> {
  const namespace = await kube.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
  const istiod = await kube.get({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
  });
  if (namespace === undefined || istiod === undefined) return undefined;
  const image = deploymentSchema.parse(istiod).spec.template.spec.containers[0]?.image ?? '';
  const deployments = await deploymentsIn(kube, 'istio-system');
  return {
    version: releaseOf(image) ?? 'of unknown version',
    annotations: namespace.metadata.annotations ?? {},
    ready: deployments.every(({ settled, labels }) => settled || labels[names.addOn] !== undefined),
  };
}

/**
 * What is done to one control plane, the demo profile's gateways and CRDs share with all others.
 *
 * @param next what to do about others
 *
 * @throws HarnessError ISTIO_NOT_ALONE where there is one of another revision, or in another namespace
 */
export async function demandAlone(kube: Kube, next: string): Promise<void> {
  const found = await kube.list({ apiVersion: 'apps/v1', kind: 'Deployment', labels: { app: 'istiod' } });
  const others = found
    .map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`)
    .filter((name) => name !== 'istio-system/istiod');
  if (others.length === 0) return;
  throw new HarnessError({
    code: 'ISTIO_NOT_ALONE',
    blame: 'usage',
    doing: 'Looking for Istio',
    expected: 'one control plane, or none: Deployment istio-system/istiod',
    seen: `also ${others.join(', ')}`,
    next,
  });
}

/**
 * What was brought up is what the verdicts are about, and what the report says they are about.
 *
 * @throws HarnessError ISTIO_CHANGED where another one is there now
 */
export async function demandSameIstio(kube: Kube, version: string): Promise<void> {
  const found = (await installed(kube))?.version;
  if (found === version) return;
  throw new HarnessError({
    code: 'ISTIO_CHANGED',
    blame: 'usage',
    doing: 'Looking for the Istio that was brought up here',
    expected: `Istio ${version}`,
    seen: found === undefined ? 'no istiod' : `Istio ${found}`,
    next: `bring up what is wanted: \`npm run up\`, with --istio${found === undefined ? '' : ` ${found}`} and the name of the cluster; then \`npm run deploy\``,
  });
}

/** `.../pilot:1.31.1-distroless@sha256:...` is 1.31.1, and so is one with the hash of its content behind it. */
export function releaseOf(image: string): string | undefined {
  return /:([^:@/]+?)(?:-(?:distroless|debug|[0-9a-f]{12}))?(?:@.*)?$/.exec(image)?.[1];
}
