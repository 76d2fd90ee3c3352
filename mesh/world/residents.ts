import type { KubeObject } from '../kube/objects.ts';
import { dig, isMessage } from '../proxy/dump.ts';

/** The same objects for each of the names, which stands wherever `httpbin` names or labels them. */
export function residentsOf(written: readonly KubeObject[], names: readonly string[]): readonly KubeObject[] {
  return names.flatMap((name) => written.map((object) => called(object, name)));
}

function called(object: KubeObject, name: string): KubeObject {
  const metadata = { ...object.metadata, name, ...labelled(object.metadata.labels, name) };
  const spec = object['spec'];
  if (object.kind === 'Service') return { ...object, metadata, spec: { ...(spec as object), selector: { app: name } } };
  const template = dig(spec, 'template');
  if (!isMessage(spec) || !isMessage(template)) return { ...object, metadata };
  const pod = {
    metadata: { ...(template['metadata'] as object), labels: { app: name } },
    spec: { ...(template['spec'] as object), serviceAccountName: name },
  };
  return { ...object, metadata, spec: { ...spec, selector: { matchLabels: { app: name } }, template: pod } };
}

function labelled(labels: Readonly<Record<string, string>> | undefined, name: string): object {
  return labels === undefined ? {} : { labels: { ...labels, app: name } };
}
