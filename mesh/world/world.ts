import type { ClusterHandle } from '../cluster/handle.ts';
import { HarnessError } from '../errors.ts';
import { restoreMeshConfig } from '../istio/mesh-config.ts';
import type { Circumstances } from '../judge/reasons.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, readyPodsOf } from '../kube/pods.ts';
import { Prober, PROBER_PORT } from '../prober/client.ts';
import { accessLogOf } from '../proxy/access-log.ts';
import { viewByIstioctl } from '../proxy/by-istioctl.ts';
import { type OwnProxy, ownProxy } from '../proxy/own-proxy.ts';
import { viewByRelay } from '../proxy/relay.ts';
import type { ProxyView } from '../proxy/view.ts';
import type { GuardedProxy } from '../rules/scene.ts';
import { turnsOn } from '../rules/turns.ts';
import type { Say } from '../say.ts';
import {
  type App,
  circumstancesOf,
  details,
  kubia,
  nodebook,
  productpage,
  ratings,
  reviews,
  tcpEcho,
  web,
} from './apps.ts';
import { askedBy } from './askers.ts';
import { type ClosedDoor, closedDoor } from './closed-door.ts';
import { endpointsKnown } from './endpoints.ts';
import { findIngress, type Ingress } from './ingress.ts';
import { gatewayLabel, ISTIO_NAMESPACE, ownLabels } from './names.ts';
import { bringApp } from './on-demand.ts';
import type { Run } from './run.ts';
import { waysOpen } from './reach.ts';
import { claim, ensureSlot } from './slot.ts';
import { sweepSlot } from './sweep.ts';
import { written } from './written.ts';

/** One worker's part of the cluster: its namespace, its apps, its callers, its gateway. */
export interface World {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The prober with a sidecar. */
  readonly caller: Prober;
  /** Its proxy. */
  readonly callerProxy: ProxyView;
  /** The proxies of whoever asks: the caller's, and those of the programs that ask others in their turn. */
  readonly sidecars: readonly ProxyView[];
  /** The same, as rules select them by the labels of their pods. */
  readonly workloads: readonly GuardedProxy[];
  /** Whom those programs ask. */
  readonly asks: ReadonlyMap<ProxyView, readonly string[]>;
  /** The prober without one. */
  readonly plainCaller: Prober;
  readonly gateway: Ingress;
  /** One of Istio's own gateways, which all workers share. */
  sharedGateway(which: 'ingressgateway' | 'egressgateway'): Promise<Ingress>;
  /**
   * The state behind an app's answers, and what proxies wrote about them.
   *
   * @param proxies whose logs come first: those of whoever asked
   */
  circumstances(app: App, proxies: readonly ProxyView[], agent: string): Promise<Circumstances>;
  /** `ip:port` of a pod of this version, as DNS names it for a headless service. */
  addressOf(app: App, version: string): string;
  /** Puts an app into the slot that is not there from the beginning; comes back when those who ask know its pods. */
  bring(app: App): Promise<App>;
  /** The pods behind an app that were ready when the worker attached. */
  podsOf(app: App): readonly Pod[];
  /** What the caller's proxy counts and writes down of an app. */
  ownProxy(app: App): OwnProxy;
  /** The same of the worker's own gateway. */
  gatewayProxy(app: App): OwnProxy;
  /** A host at which nobody listens, as the caller's proxy comes to know it. */
  closedDoor(host: string): ClosedDoor;
}

/** Attaches this worker to its slot, which is made if it is not there. */
export async function attach(kube: Kube, handle: ClusterHandle, index: number, run: Run, say: Say): Promise<World> {
  const namespace = await ensureSlot(kube, handle, index, run, say);
  await claim(kube, namespace, run);
  // A worker of this run may have been killed in a test that ran alone.
  await restoreMeshConfig(kube, run, say);
  const [, pods, gateway] = await Promise.all([
    sweepSlot(kube, namespace, turnsOn(handle.name), say),
    readyPodsOf(kube, { namespace }),
    findIngress(kube, {
      namespace,
      service: 'ingress',
      istio: gatewayLabel(namespace),
      shared: false,
      viewOf: (pod) => relayed(kube, pod),
    }),
  ]);
  const caller = proberIn(pods, 'prober', namespace);
  const plainCaller = proberIn(pods, 'prober-plain', namespace);
  const ingress = proberIn(pods, 'ingress', namespace);
  const asking = pods.filter(({ labels }) => askedBy(labels) !== undefined);
  await endpointsEverywhere(kube, pods, caller, asking);
  const callerProxy = relayed(kube, caller);
  const views = asking.map((pod) => ({ pod, view: relayed(kube, pod) }));
  const asks = new Map(views.map(({ pod, view }) => [view, askedBy(pod.labels) ?? []]));
  const proxyOf = (pod: Pod, { service, port }: App) =>
    ownProxy({ relay: httpOf(kube, pod), log: accessLogOf(kube, pod), namespace, service, port });
  return {
    namespace,
    labels: ownLabels(run.id),
    caller: new Prober(httpOf(kube, caller)),
    callerProxy,
    sidecars: [callerProxy, ...asks.keys()],
    workloads: [{ pod: caller, view: callerProxy }, ...views].map(({ pod, view }) => workloadOf(pod, view)),
    asks,
    plainCaller: new Prober(httpOf(kube, plainCaller)),
    gateway,
    sharedGateway: (which) => findShared(kube, handle, which),
    circumstances: async (app, proxies, agent) => {
      const state = await circumstancesOf(kube, namespace, app);
      return { ...state, written: await written(kube, namespace, proxies, app, agent) };
    },
    addressOf: (app, version) => addressIn(pods, app, version),
    bring: async (app) => {
      const brought = await bringApp(kube, handle, namespace, app);
      await Promise.all(
        [caller, ingress].map((pod) => endpointsKnown(httpOf(kube, pod), [{ service: app.service, pods: brought }])),
      );
      // istiod, and whoever else has no sidecar, comes by kube-proxy.
      const plain = new Prober(httpOf(kube, plainCaller));
      const target = `http://${app.service}.${namespace}:${app.port}/`;
      const ask = () => plain.send({ target, count: 1, connections: 'fresh', timeoutMillis: 5_000 });
      await waysOpen([{ from: 'plain caller', to: app.service, ask }]);
      return app;
    },
    podsOf: (app) => behind(pods, app),
    ownProxy: (app) => proxyOf(caller, app),
    gatewayProxy: (app) => proxyOf(ingress, app),
    closedDoor: (host) => closedDoor(httpOf(kube, caller), host),
  };
}

function findShared(kube: Kube, handle: ClusterHandle, istio: string): Promise<Ingress> {
  return findIngress(kube, {
    namespace: ISTIO_NAMESPACE,
    service: `istio-${istio}`,
    istio,
    shared: true,
    viewOf: (pod) => viewByIstioctl(handle, pod.namespace, pod.name),
  });
}

const bookinfo = [details, productpage, ratings, reviews];

/** A headless service is not a list of endpoints in a sidecar, so only the gateways are asked for kubia's pods. */
async function endpointsEverywhere(
  kube: Kube,
  pods: readonly Pod[],
  caller: Pod,
  asking: readonly Pod[],
): Promise<void> {
  const known = (pod: Pod, apps: readonly App[]) =>
    endpointsKnown(
      httpOf(kube, pod),
      apps.map((app) => ({ service: app.service, pods: behind(pods, app) })),
    );
  const asked = ({ labels }: Pod) => bookinfo.filter(({ service }) => askedBy(labels)?.includes(service) === true);
  await Promise.all([
    known(caller, [nodebook, web, ...bookinfo]),
    ...pods.filter(isIngress).map((pod) => known(pod, [nodebook, kubia, tcpEcho, web, ...bookinfo])),
    ...asking.map((pod) => known(pod, asked(pod))),
  ]);
}

function workloadOf({ namespace, labels }: Pod, view: ProxyView): GuardedProxy {
  return { view, namespace, labels, ports: [] };
}

function isIngress({ labels }: Pod): boolean {
  return labels['app'] === 'ingress';
}

function behind(pods: readonly Pod[], { labels }: App): readonly Pod[] {
  return pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value));
}

function addressIn(pods: readonly Pod[], app: App, version: string): string {
  const pod = behind(pods, app).find(({ labels }) => labels['version'] === version);
  if (pod !== undefined) return `${pod.ip}:${app.port}`;
  throw new HarnessError({
    code: 'NO_POD',
    blame: 'environment',
    doing: `Looking for a pod of ${app.service} ${version}`,
    seen: 'none was ready when the worker attached',
    next: 'see whether its deployment was scaled down',
  });
}

function httpOf(kube: Kube, { namespace, name }: Pod) {
  return kube.pod(namespace, name, PROBER_PORT);
}

function relayed(kube: Kube, pod: Pod): ProxyView {
  return viewByRelay(pod.namespace, pod.name, httpOf(kube, pod));
}

function proberIn(pods: readonly Pod[], app: string, namespace: string): Pod {
  const pod = pods.find(({ labels }) => labels['app'] === app);
  if (pod !== undefined) return pod;
  throw new HarnessError({
    code: 'NO_PROBER',
    blame: 'environment',
    doing: `Attaching to namespace ${namespace}`,
    expected: `a ready pod of ${app}`,
    seen: 'none',
    next: `see what became of it: kubectl get pods -n ${namespace}`,
  });
}
