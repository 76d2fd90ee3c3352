import { z } from 'zod';
import type { ClusterHandle } from '../cluster/handle.ts';
import { claimed } from '../istio/claimed.ts';
import { printed } from '../istio/printed.ts';
import { type Dump, type Message, messages, type Section } from './dump.ts';
import type { ProxyView } from './view.ts';
import { snaked } from './snake.ts';

type Shown = Exclude<Section, 'secrets'>;

/** `istioctl proxy-config clusters|routes|listeners`, as the tutorials look at a pod. It leaves out the dump's own wrapping. */
export function viewByProxyConfig(handle: ClusterHandle, namespace: string, pod: string): ProxyView {
  const one = async (section: Section) => [section, await shown(handle, namespace, pod, section)] as const;
  return {
    name: `${namespace}/${pod} by istioctl proxy-config`,
    namespace,
    pod,
    read: async (wanted): Promise<Dump> => Object.fromEntries(await Promise.all(wanted.map(one))),
  };
}

/** What istioctl says was loaded at the proxy's start. */
export async function bootstrapByIstioctl(handle: ClusterHandle, namespace: string, pod: string): Promise<unknown> {
  return snaked(await proxyConfig(handle, namespace, pod, 'bootstrap'));
}

const wrapped: Record<Shown, (part: Message) => Message> = {
  clusters: (cluster) => ({ cluster }),
  routes: (table) => ({ route_config: table }),
  listeners: (listener) => ({ name: listener['name'], active_state: { listener } }),
};

async function shown(
  handle: ClusterHandle,
  namespace: string,
  pod: string,
  section: Section,
): Promise<readonly Message[]> {
  if (section === 'secrets') throw new RangeError('istioctl shows secrets in a form of its own.');
  return messages(snaked(await proxyConfig(handle, namespace, pod, section))).map(wrapped[section]);
}

async function proxyConfig(
  { istioctl, kubeconfig, context }: ClusterHandle,
  namespace: string,
  pod: string,
  what: string,
): Promise<unknown> {
  const args = ['proxy-config', what, `${pod}.${namespace}`, '-o', 'json'];
  const text = await claimed(istioctl, [...args, '--kubeconfig', kubeconfig, '--context', context], {
    doing: `Reading the ${what} of ${namespace}/${pod}`,
    timeoutMillis: 20_000,
  });
  return printed(z.unknown(), text, `proxy-config ${what}`);
}
