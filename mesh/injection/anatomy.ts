import type { KubeObject } from '../kube/objects.ts';
import { dig, type Message, messages, text } from '../proxy/dump.ts';
import type { Sidecar } from './kube-inject.ts';

const PROXY = 'istio-proxy';
const INIT = 'istio-init';
/** The init container that is told how packets go; with Istio's CNI plugin one that only sees to it that they do. */
export const REDIRECTING = [INIT, 'istio-validation'] as const;

/** What the injector has put into a pod, or into the template of one. */
export interface Anatomy {
  /** The proxies, wherever they stand. */
  readonly proxies: readonly Proxy[];
  /** What the init container redirects; undefined where there is none. */
  readonly redirection: Redirection | undefined;
}

export interface Proxy {
  readonly sidecar: Sidecar;
  readonly args: readonly string[];
  /** Set where something else than the image's own program is started. */
  readonly command: readonly string[];
}

/** Ports as the init container's arguments name them. */
export interface Redirection {
  /** `-p`: where what leaves the pod goes. */
  readonly outbound: string;
  /** `-z`: where what comes in goes. */
  readonly inbound: string;
  /** `-u`: whose packets pass, since they are the proxy's own. */
  readonly user: string;
  /** `-m` */
  readonly mode: string;
  /** `-d`: ports that come in past the proxy. */
  readonly past: readonly string[];
}

export function anatomyOf(object: KubeObject): Anatomy {
  const spec = object.kind === 'Pod' ? object['spec'] : dig(object, 'spec', 'template', 'spec');
  const [containers, inits] = [messages(dig(spec, 'containers')), messages(dig(spec, 'initContainers'))];
  const proxies = [
    ...named(inits, PROXY).map((one) => proxyIn(one, 'native')),
    ...named(containers, PROXY).map((one) => proxyIn(one, 'classic')),
  ];
  const [init] = REDIRECTING.flatMap((name) => named(inits, name));
  return { proxies, redirection: init === undefined ? undefined : redirectionIn(strings(init['args'])) };
}

export function anatomyInWords({ proxies, redirection }: Anatomy): string {
  const init = redirection === undefined ? `no ${INIT}` : INIT;
  return [init, ...proxies.map(({ sidecar }) => `${sidecar} ${PROXY}`)].join(', ');
}

function named(containers: readonly Message[], name: string): readonly Message[] {
  return containers.filter((container) => text(container['name']) === name);
}

function proxyIn(container: Message, sidecar: Sidecar): Proxy {
  return { sidecar, args: strings(container['args']), command: strings(container['command']) };
}

function redirectionIn(args: readonly string[]): Redirection {
  const after = (option: string) => args[args.indexOf(option) + 1] ?? '';
  const value = (option: string) => (args.includes(option) ? after(option) : '');
  return {
    outbound: value('-p'),
    inbound: value('-z'),
    user: value('-u'),
    mode: value('-m'),
    past: value('-d')
      .split(',')
      .filter((port) => port !== ''),
  };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
