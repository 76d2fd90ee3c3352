import { logTail } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import { podsOf } from '../kube/pods.ts';
import { writtenAbout, type Written } from '../proxy/agent-log.ts';
import type { ProxyView } from '../proxy/view.ts';
import { converge } from '../waiting/converge.ts';
import type { App } from './apps.ts';

/** Istio's proxies write their log at least once a second. */
const patience = { within: 2_000, every: 400 };
/** A sample is some hundreds of lines, and few of them are needed. */
const LINES = 3000;

/**
 * What the proxies wrote about the requests of one user agent: the given ones first, then those of the app's own pods, which know the
 * policies there. Only for verdicts that are red: it takes a second.
 */
export async function written(
  kube: Kube,
  namespace: string,
  proxies: readonly ProxyView[],
  app: App,
  agent: string,
): Promise<readonly Written[]> {
  if (agent === '') return [];
  const behind = await podsOf(kube, { namespace, labels: app.labels });
  const pods = [
    ...proxies.map((proxy) => [proxy.namespace, proxy.pod] as const),
    ...behind
      .filter(({ containers }) => containers.includes('istio-proxy'))
      .map(({ name }) => [namespace, name] as const),
  ];
  const tails = () => Promise.all(pods.map(([space, pod]) => logTail(kube, space, pod, 'istio-proxy', LINES)));
  const look = async () => (await tails()).flatMap((log) => writtenAbout(agent, log));
  let known = 0;
  const complete = (lines: readonly Written[]) => {
    const same = lines.length > 0 && lines.length === known;
    known = lines.length;
    return same;
  };
  return (await converge(look, complete, patience)).last;
}
