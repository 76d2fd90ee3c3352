import { parse } from 'yaml';
import { dig } from '../proxy/dump.ts';
import { outboundPolicyOf } from '../proxy/outbound-policy.ts';
import type { ProxyView } from '../proxy/view.ts';
import { type Clock, converge } from '../waiting/converge.ts';

interface Patience {
  readonly within?: number;
  readonly clock?: Clock;
}

/**
 * Waits until these proxies treat whom they do not know as the mesh's configuration says. Nothing else of that configuration has a sign here: a test
 * that changes another part of it has to teach how that shows.
 */
export async function awaitOutboundPolicy(
  meshConfig: string,
  proxies: readonly ProxyView[],
  { within = 15_000, ...clock }: Patience = {},
): Promise<void> {
  const wanted = dig(parse(meshConfig), 'outboundTrafficPolicy', 'mode') === 'REGISTRY_ONLY' ? 'shut' : 'open';
  const one = async (proxy: ProxyView) => {
    const look = async () => outboundPolicyOf(await proxy.read(['listeners', 'routes']));
    const { held, last } = await converge(look, (seen) => seen === wanted, {
      after: 100,
      every: 50,
      streak: 2,
      within,
      ...clock,
    });
    return held ? [] : [`${proxy.name} is ${last}`];
  };
  const late = (await Promise.all(proxies.map(one))).flat();
  if (late.length === 0) return;
  throw new Error(
    `The mesh-wide outbound policy never reached every proxy (waited ${within / 1000} s): ${late.join(', ')}, and not ${wanted} for whom it does not know`,
  );
}
