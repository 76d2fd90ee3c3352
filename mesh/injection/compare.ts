import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kube/objects.ts';
import { dig, type Message, messages, text } from '../proxy/dump.ts';
import { REDIRECTING } from './anatomy.ts';

/** What the injector adds, as it stands in a file: by name, with all its fields. */
export type Injected = Readonly<Record<'istio-init' | 'istio-proxy', Message>>;

export function injectedInto(objects: readonly KubeObject[]): Injected {
  return { 'istio-init': only(objects, REDIRECTING), 'istio-proxy': only(objects, ['istio-proxy']) };
}

/** In what two injected files differ, as far as the proxy and its init container go: where the proxy stands may differ, what it is may not. */
export function proxyDifferences(one: Injected, other: Injected): readonly string[] {
  return (['istio-init', 'istio-proxy'] as const).flatMap((name) => {
    const [a, b] = [parts(one[name]), parts(other[name])];
    if (a.size === 0 || b.size === 0) return [`${name} is missing ${a.size === 0 ? 'here' : 'there'}`];
    return [...new Set([...a.keys(), ...b.keys()])]
      .filter((part) => !mayDiffer.has(part) && !isDeepStrictEqual(a.get(part), b.get(part)))
      .map((part) => `${part} of ${name} is ${short(a.get(part))} here, ${short(b.get(part))} there`);
  });
}

const mayDiffer = new Set([
  // A native sidecar says that it goes on beside the program, and how it is told to drain; a classic one need not.
  'restartPolicy',
  'lifecycle',
  // By files istioctl knows to whom the pod will belong; the injector is only shown the pod.
  'variable ISTIO_META_WORKLOAD_NAME',
  'variable ISTIO_META_OWNER',
]);

/** Field by field, and the environment variable by variable. */
function parts(container: Message): ReadonlyMap<string, unknown> {
  const { env, ...fields } = container;
  const variables = messages(env).map((one) => [`variable ${text(one['name'])}`, one] as const);
  return new Map<string, unknown>([...Object.entries(fields), ...variables]);
}

function only(objects: readonly KubeObject[], names: readonly string[]): Message {
  const found = objects.flatMap((object) => {
    const spec = dig(object, 'spec', 'template', 'spec');
    const all = [...messages(dig(spec, 'initContainers')), ...messages(dig(spec, 'containers'))];
    return all.filter((container) => names.includes(text(container['name'])));
  });
  return found[0] ?? {};
}

function short(value: unknown): string {
  const words = JSON.stringify(value) as string | undefined;
  return words === undefined ? 'not set' : words.slice(0, 200);
}
