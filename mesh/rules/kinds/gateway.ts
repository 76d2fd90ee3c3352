import { createHash } from 'node:crypto';
import { HarnessError } from '../../errors.ts';
import { dig, type Dump, type Message, messages, text } from '../../proxy/dump.ts';
import { listenersOf, secretsOf } from '../../proxy/parts.ts';
import type { ProxyView } from '../../proxy/view.ts';
import { type Rule, ruleInWords } from '../rule.ts';
import { type GatewayProxy, type Scene, selectedBy } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';

interface Server {
  readonly port: number;
  readonly secure: boolean;
  readonly hosts: readonly string[];
  /** Name that Istio gives to the route table of an HTTPS server. */
  readonly table: string;
  readonly secret: string;
}

/**
 * A server that passes connections on, TCP or TLS, opens nothing before a route leads on: the sign of that route is the one to wait for. A plain HTTP server opens a listener, and all servers of a port share it: on a gateway of one's own the listener is the sign,
 * on a shared one it may be a neighbour's, and only the routes behind it prove more. An HTTPS server has a filter chain of its own,
 * with its hosts as server names and the certificate of its secret.
 */
export const gateway: Kind = {
  apiGroup: 'networking.istio.io',
  kind: 'Gateway',
  rank: 1,
  sections: (rule) => (serversOf(rule).some(({ secure }) => secure) ? ['listeners', 'secrets'] : ['listeners']),
  involved: (rule, scene) => selectedBy(rule, scene).map(({ view }) => view),
  involvedInLeaving: (rule, scene) =>
    selectedBy(rule, scene)
      .filter(({ shared }) => !shared)
      .map(({ view }) => view),

  expected(rule, scene, view) {
    const proxy = proxyOf(view, scene);
    return serversOf(rule).map((server) => {
      const port = proxy.listenerPort(server.port);
      return server.secure
        ? secureMark(port, server.hosts, certificateOf(server.secret, scene, rule))
        : plainMark(port);
    });
  },

  seen(rule, scene, view, dump) {
    return [...plainSeen(rule, scene, proxyOf(view, scene), dump), ...secureSeen(rule, dump)];
  },
};

/** A port that another Gateway keeps open is no trace of this one once it is taken back. */
function plainSeen(rule: Rule, scene: Scene, proxy: GatewayProxy, dump: Dump): readonly string[] {
  const kept = scene.inForce.includes(rule) ? new Set<number>() : portsOfOthers(rule, scene, proxy);
  const servers = serversOf(rule).filter(({ secure }) => !secure);
  const ports = new Set(servers.map(({ port }) => proxy.listenerPort(port)).filter((port) => !kept.has(port)));
  return listenersOf(dump)
    .filter(({ port }) => ports.has(port))
    .map(({ port }) => plainMark(port));
}

function secureSeen(rule: Rule, dump: Dump): readonly string[] {
  const servers = serversOf(rule).filter(({ secure }) => secure);
  const tables = new Set(servers.map(({ table }) => table));
  return listenersOf(dump).flatMap(({ port, chains }) =>
    chains
      .filter(({ table }) => tables.has(table))
      .map(({ serverNames, secret }) => secureMark(port, serverNames, shownCertificate(secret, dump))),
  );
}

function plainMark(port: number): string {
  return `listener on ${port}`;
}

function secureMark(port: number, hosts: readonly string[], certificate: string): string {
  return `TLS on ${port} for ${hosts
    .filter((host) => host !== '*')
    .toSorted()
    .join(', ')} with ${certificate}`;
}

function serversOf(rule: Rule): readonly Server[] {
  const servers = messages(dig(rule, 'spec', 'servers'));
  const telling = servers.filter((server) => !passesOn(server));
  return telling.map((server) => {
    const protocol = text(dig(server, 'port', 'protocol'));
    const secure = protocol === 'HTTPS';
    const mode = text(dig(server, 'tls', 'mode'));
    if (!['HTTP', 'HTTP2', 'HTTPS'].includes(protocol)) throw noSign(rule, `a server of protocol ${protocol}`);
    if (secure && mode !== 'SIMPLE') throw noSign(rule, `tls mode ${mode}`);
    const number = Number(dig(server, 'port', 'number'));
    const { name, namespace = '' } = rule.metadata;
    return {
      port: number,
      secure,
      hosts: Array.isArray(server['hosts']) ? server['hosts'].map((host) => text(host).replace(/^.*\//, '')) : [],
      table: `https.${number}.${text(dig(server, 'port', 'name'))}.${name}.${namespace}`,
      secret: text(dig(server, 'tls', 'credentialName')),
    };
  });
}

/** Looks at no request, and ends no TLS. */
function passesOn(server: Message): boolean {
  const protocol = text(dig(server, 'port', 'protocol'));
  return protocol === 'TCP' || (protocol === 'TLS' && text(dig(server, 'tls', 'mode')) === 'PASSTHROUGH');
}

/** Listener ports that stay open without this rule. */
function portsOfOthers(rule: Rule, scene: Scene, proxy: GatewayProxy): ReadonlySet<number> {
  const others = scene.inForce.filter(
    (other) => other.kind === 'Gateway' && other.metadata.name !== rule.metadata.name,
  );
  const sharing = others.filter((other) => selectedBy(other, scene).includes(proxy));
  return new Set(sharing.flatMap(serversOf).map(({ port }) => proxy.listenerPort(port)));
}

function proxyOf(view: ProxyView, { gateways }: Scene): GatewayProxy {
  const proxy = gateways.find((candidate) => candidate.view === view);
  if (proxy === undefined) throw new RangeError(`${view.name} is no gateway of this scene`);
  return proxy;
}

function certificateOf(secret: string, { inForce }: Scene, gateway: Rule): string {
  const rule = inForce.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === secret);
  if (rule === undefined) throw secretMissing(gateway, secret);
  const encoded = text(dig(rule, 'data', 'tls.crt'));
  const pem =
    encoded === '' ? text(dig(rule, 'stringData', 'tls.crt')) : Buffer.from(encoded, 'base64').toString('utf8');
  return fingerprint(pem);
}

function shownCertificate(secret: string, dump: Dump): string {
  return fingerprint(secretsOf(dump).find(({ name }) => name === secret)?.certificates ?? '');
}

function fingerprint(pem: string): string {
  if (pem === '') return 'no certificate';
  return `certificate ${createHash('sha256').update(pem.trim()).digest('hex').slice(0, 12)}`;
}

function secretMissing(gateway: Rule, secret: string): HarnessError {
  return new HarnessError({
    code: 'SECRET_MISSING',
    blame: 'usage',
    doing: `Placing ${ruleInWords(gateway)}`,
    expected: 'a certificate in the secret that its credentialName names',
    seen: `there is no secret ${secret}`,
    next: 'keep the certificate in a secret of that name first',
  });
}
