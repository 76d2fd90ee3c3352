import type { Kube } from '../kube/kube.ts';
import { type KubeObject, objectInWords, type Selection } from '../kube/objects.ts';
import { names } from './names.ts';

const groups = [
  'networking.istio.io/v1',
  'networking.istio.io/v1alpha3',
  'security.istio.io/v1',
  'telemetry.istio.io/v1',
  'extensions.istio.io/v1alpha1',
];

/**
 * Everything in a namespace (or in all) that shapes its traffic: Istio's objects, whoever made them, and the harness's own
 * secrets. What belongs to a namespace itself is left aside.
 */
export async function rulesIn(kube: Kube, namespace?: string): Promise<readonly KubeObject[]> {
  const scope = namespace === undefined ? {} : { namespace };
  const kinds = await istioKinds(kube);
  const secrets = { apiVersion: 'v1', kind: 'Secret', labels: { [names.managedBy]: names.manager } };
  const lists = await Promise.all([...kinds, secrets].map((selection) => kube.list({ ...selection, ...scope })));
  return lists.flat().filter(({ metadata }) => metadata.labels?.[names.fixed] === undefined);
}

/** Those that neither the harness nor an installation of Istio made. */
export async function rulesOfOthers(kube: Kube): Promise<readonly KubeObject[]> {
  return (await rulesIn(kube)).filter(
    ({ metadata: { labels = {} } }) =>
      labels[names.managedBy] !== names.manager && labels['operator.istio.io/component'] === undefined,
  );
}

/** `VirtualService blue/web, Gateway blue/door and 7 more` */
export function someInWords(rules: readonly KubeObject[]): string {
  const told = rules.slice(0, 5).map((rule) => objectInWords(rule));
  return [told.join(', '), ...(rules.length > told.length ? [`and ${rules.length - told.length} more`] : [])].join(' ');
}

async function istioKinds(kube: Kube): Promise<readonly Selection[]> {
  const seen = new Set<string>();
  const served = await Promise.all(
    groups.map(async (apiVersion) => ({ apiVersion, all: await kube.resources.all(apiVersion) })),
  );
  return served.flatMap(({ apiVersion, all }) =>
    all
      .filter(({ kind, namespaced }) => {
        const key = `${apiVersion.replace(/\/.*/, '')} ${kind}`;
        const fresh = namespaced && !seen.has(key);
        seen.add(key);
        return fresh;
      })
      .map(({ kind }) => ({ apiVersion, kind })),
  );
}
