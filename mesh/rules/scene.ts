import type { ProxyView } from '../proxy/view.ts';
import type { Rule } from './rule.ts';

/** A gateway's proxy, and where its Service leads: port 80 of a Gateway is whatever the Service calls 80. */
export interface GatewayProxy {
  readonly view: ProxyView;
  readonly labels: Readonly<Record<string, string>>;
  /** Used by other workers too: what is seen there may be theirs. */
  readonly shared: boolean;
  listenerPort(port: number): number;
}

/** The proxy of a workload, as policies select it. */
export interface GuardedProxy {
  readonly view: ProxyView;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** That its programs listen on. */
  readonly ports: readonly number[];
}

/** Everything that the sign of a rule may depend on. */
export interface Scene {
  readonly namespace: string;
  readonly sidecars: readonly ProxyView[];
  /** The services that the program behind a sidecar asks; whoever is not in here may ask any. */
  readonly asks?: ReadonlyMap<ProxyView, readonly string[]>;
  readonly gateways: readonly GatewayProxy[];
  /** Workloads that are asked, where policies guard them. */
  readonly workloads?: readonly GuardedProxy[];
  /** Rules of this worker, the ones that are just being applied included. */
  readonly inForce: readonly Rule[];
}

/** The sidecars whose programs may ask one of these hosts. Rules for the others do reach them, and change nothing there. */
export function sidecarsAsking(hosts: readonly string[], { sidecars, asks }: Scene): readonly ProxyView[] {
  const services = hosts.map((host) => host.replace(/\..*/, ''));
  return sidecars.filter((sidecar) => {
    const asked = asks?.get(sidecar);
    return asked === undefined || services.some((service) => service === '*' || asked.includes(service));
  });
}

/** The sidecars whose programs may ask anybody, whoever that is: those of the callers. */
export function sidecarsOfCallers(scene: Scene): readonly ProxyView[] {
  return sidecarsAsking([], scene);
}

/** The gateway proxies that a Gateway's selector picks. */
export function selectedBy(gateway: Rule, { gateways }: Scene): readonly GatewayProxy[] {
  const { selector = {} } = (gateway['spec'] ?? {}) as { selector?: Record<string, string> };
  return gateways.filter(({ labels }) => Object.entries(selector).every(([key, value]) => labels[key] === value));
}

/** All gateway proxies that a Gateway of this worker selects. */
export function gatewaysInUse(scene: Scene): readonly GatewayProxy[] {
  const used = scene.inForce.filter(({ kind }) => kind === 'Gateway').flatMap((gateway) => selectedBy(gateway, scene));
  return [...new Set(used)];
}
