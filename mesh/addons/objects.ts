import { readFile } from 'node:fs/promises';
import type { KubeObject } from '../kube/objects.ts';
import { parseRules } from '../rules/rule.ts';
import { nameOf } from '../source/hash.ts';
import { settled } from '../world/contents.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';
import type { AddOnName } from './catalogue.ts';

/** In the dashboards of a release stands much besides. */
const dashboard = /^istio(-services)?-grafana-dashboards$/;

/**
 * Everything that an add-on consists of, with its image, labelled as the harness's. A change in any of it changes the pod's template: programs read their
 * configuration when they begin.
 *
 * @param dashboards text of the manifest that Istio's own dashboards stand in
 */
export async function objectsOf(name: AddOnName, image: string, dashboards?: string): Promise<readonly KubeObject[]> {
  const manifest = new URL(`manifests/${name}.yaml`, import.meta.url);
  const written = parseRules(await readFile(manifest, 'utf8'));
  const foreign =
    dashboards === undefined ? [] : parseRules(dashboards).filter(({ metadata }) => dashboard.test(metadata.name));
  const all = [...foreign, ...written];
  const labels = { [names.managedBy]: names.manager, [names.addOn]: name };
  const hash = nameOf(image, JSON.stringify(all));
  return all.map((object) => {
    const [placed = object] = settled([object], { [name]: image }, ISTIO_NAMESPACE, labels);
    return object.kind.startsWith('ClusterRole') ? everywhere(placed) : stamped(placed, hash);
  });
}

function everywhere({ metadata: { namespace: _, ...metadata }, ...object }: KubeObject): KubeObject {
  return { ...object, metadata };
}

function stamped(object: KubeObject, hash: string): KubeObject {
  if (object.kind !== 'Deployment') return object;
  const spec = object['spec'] as { readonly template: { readonly metadata: object } };
  const metadata = { ...spec.template.metadata, annotations: { [names.contents]: hash } };
  return { ...object, spec: { ...spec, template: { ...spec.template, metadata } } };
}
