import type { KubeObject } from '../kube/objects.ts';

/** Istio's annotation of Services: the namespaces whose proxies are told of it, `.` for its own. Without it, all of the mesh are. */
const EXPORT_TO = 'networking.istio.io/exportTo';

/**
 * The same object; a Service is known to proxies of these namespaces only. Slots stand side by side with the same names in each: what
 * nobody asks across them, no proxy of another one needs to hold, look through at every push, or show in a dump.
 */
export function visibleTo(object: KubeObject, namespaces: readonly string[]): KubeObject {
  if (object.kind !== 'Service') return object;
  const annotations = { ...object.metadata.annotations, [EXPORT_TO]: namespaces.join(',') };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
