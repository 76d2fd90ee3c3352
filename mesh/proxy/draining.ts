import { HarnessError } from '../errors.ts';
import { installedByUs } from '../istio/install.ts';
import { suspectInWords } from '../judge/reasons.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import { inSeconds } from '../seconds.ts';
import { converge } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE, names } from '../world/names.ts';

/** Where a proxy shows its own figures, and the API server reaches it. */
export const FIGURES_PORT = 15090;
const draining = /^envoy_listener_manager_total_(?:filter_chains|listeners)_draining\{\} (\d+)$/gm;

/** An old listener is kept for 1 s where we have installed Istio, for 45 s elsewhere; then what is still connected to it is cut off. */
const pace = { within: 100_000, every: 250, streak: 2 };

/**
 * Waits until no proxy of Istio's own and of the harness's has connections left that were opened under listeners that it has replaced. One that is closed at the
 * end of that time takes a request with it that comes at the same moment, and some test after this one would be blamed.
 *
 * @throws Error, which is a verdict, where the harness set that time; HarnessError NEVER_DRAINED where somebody else did
 */
export async function drained(kube: Kube): Promise<void> {
  const soon = await installedByUs(kube);
  const labels = { [names.managedBy]: names.manager };
  const ours = await kube.list({ apiVersion: 'v1', kind: 'Namespace', labels });
  // Of an Istio of somebody else's the gateways have connections to drain of others, too.
  const namespaces = [...(soon ? [ISTIO_NAMESPACE] : []), ...ours.map(({ metadata }) => metadata.name)];
  const look = async () => {
    const ready = await Promise.all(namespaces.map((namespace) => readyPodsOf(kube, { namespace })));
    const pods = ready.flat().filter((pod) => pod.containers.includes('istio-proxy'));
    const busy = await Promise.all(pods.map(async (pod) => ({ pod, count: await drainingIn(kube, pod) })));
    return busy.filter(({ count }) => count > 0).map(({ pod }) => `${pod.namespace}/${pod.name}`);
  };
  const { held, last, millis } = await converge(look, (busy) => busy.length === 0, pace);
  if (held) return;
  const busy = last.join(', ');
  if (soon)
    throw new Error(
      `${busy} still hold connections that ended by their drain time (waited ${inSeconds(millis)}) ${suspectInWords('mesh')}`,
    );
  throw new HarnessError({
    code: 'NEVER_DRAINED',
    blame: 'environment',
    doing: 'Waiting until connections that are older than the last policy have ended',
    seen: `${busy} still have some`,
    afterMillis: millis,
    next: "see whether somebody changes the mesh meanwhile, or its proxies' drain time is longer than Istio's 45 s",
  });
}

async function drainingIn(kube: Kube, { namespace, name }: Pod): Promise<number> {
  const { status, text } = await kube
    .pod(namespace, name, FIGURES_PORT)
    .send({ method: 'GET', path: '/stats/prometheus?filter=draining' });
  return status === 200 ? drainingCount(text) : 0;
}

/** How many listeners and parts of listeners are on their way out, in a proxy's figures. */
export function drainingCount(figures: string): number {
  return [...figures.matchAll(draining)].reduce((sum, [, count]) => sum + Number(count), 0);
}
