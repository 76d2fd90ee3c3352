import { isMessage, dig, messages, text } from '../proxy/dump.ts';
import type { KubeObject } from '../kube/objects.ts';

/**
 * Deployments that a prober stands beside, which passes on what their proxy knows and takes no part in the traffic; and whom their program
 * asks: rules for those shape what the proxy does. Who asks nobody is here for the sake of rules about the one who is asked.
 */
const asks: ReadonlyMap<string, readonly string[]> = new Map([
  ['productpage-v1', ['details', 'reviews', 'ratings']],
  ['details-v1', []],
  ['ratings-v1', []],
  ['reviews-v2', ['ratings']],
  ['reviews-v3', ['ratings']],
]);

/** By the labels that its pods carry: whom the program in a pod of bookinfo asks, perhaps nobody; undefined for any other. */
export function askedBy({ app = '', version = '' }: Readonly<Record<string, string>>): readonly string[] | undefined {
  return asks.get(`${app}-${version}`);
}

/** The same deployment, with a relay beside its program where that is one of them. */
export function withRelay(object: KubeObject, relay: object): KubeObject {
  const template = dig(object, 'spec', 'template');
  if (object.kind !== 'Deployment' || !asks.has(object.metadata.name) || !isMessage(template)) return object;
  const pod = dig(template, 'spec');
  if (!isMessage(pod)) return object;
  const metadata = template['metadata'] as { readonly annotations?: object };
  const annotations = { ...metadata.annotations, 'traffic.sidecar.istio.io/excludeInboundPorts': '8099' };
  const spec = { ...pod, containers: [...messages(pod['containers']), relay] };
  const relayed = { ...template, metadata: { ...metadata, annotations }, spec };
  return { ...object, spec: { ...(object['spec'] as object), template: relayed } };
}

/** The container of that name in a list of objects: the gateway's manifest holds the relay already. */
export function containerNamed(objects: readonly KubeObject[], name: string): object {
  const containers = objects.flatMap((object) => messages(dig(object, 'spec', 'template', 'spec', 'containers')));
  const found = containers.find((container) => text(container['name']) === name);
  if (found === undefined) throw new RangeError(`no manifest has a container ${name}`);
  return found;
}
