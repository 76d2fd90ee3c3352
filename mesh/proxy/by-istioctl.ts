import { z } from 'zod';
import type { ClusterHandle } from '../cluster/handle.ts';
import { run } from '../command.ts';
import { printed } from '../istio/printed.ts';
import { type Dump, entriesOf, type Section } from './dump.ts';
import type { ProxyView } from './view.ts';

/** Reads a proxy that has no prober beside it. Slower than the relay: each look starts a program. */
export function viewByIstioctl(handle: ClusterHandle, namespace: string, pod: string): ProxyView {
  const { istioctl, kubeconfig, context } = handle;
  const args = [
    'proxy-config',
    'all',
    `${pod}.${namespace}`,
    '-o',
    'json',
    '--kubeconfig',
    kubeconfig,
    '--context',
    context,
  ];
  const read = async (wanted: readonly Section[]): Promise<Dump> => {
    const text = await run(istioctl, args, {
      doing: `Reading the proxy of ${namespace}/${pod}`,
      timeoutMillis: 20_000,
    });
    const dump = printed(z.unknown(), text, 'proxy-config all');
    return Object.fromEntries(wanted.map((section) => [section, entriesOf(dump, section)]));
  };
  return { name: `${namespace}/${pod}`, namespace, pod, read };
}
