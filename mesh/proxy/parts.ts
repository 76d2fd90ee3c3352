import { dig, type Dump, isMessage, type Message, messages, text } from './dump.ts';

export interface Route {
  /** Name of the table it stands in: `http.8080`, `3000`. */
  readonly table: string;
  readonly name: string;
}

export interface VirtualHost {
  readonly table: string;
  /** `nodebook.istio-e2e-w0.svc.cluster.local:3000` */
  readonly name: string;
}

export interface Cluster {
  readonly name: string;
  readonly subset: string;
  /** `/apis/networking.istio.io/v1/namespaces/NS/destination-rule/NAME`, empty where no rule shaped it. */
  readonly rule: string;
  readonly message: Message;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  /** Filter chains: the names that pass (SNI), the route table, the secret whose certificate is shown. */
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly name: string;
  readonly serverNames: readonly string[];
  readonly table: string;
  readonly secret: string;
  /** Where connections are led, and their weights; empty for what looks at requests instead. */
  readonly targets: readonly Target[];
}

/** A cluster that connections are led to. A lone one has weight 100. */
export interface Target {
  readonly cluster: string;
  readonly weight: number;
}

export interface Secret {
  readonly name: string;
  /** PEM of the certificate chain. */
  readonly certificates: string;
}

export function routesOf({ routes = [] }: Dump): readonly Route[] {
  return routes.flatMap((entry) => {
    const table = text(dig(entry, 'route_config', 'name'));
    const hosts = messages(dig(entry, 'route_config', 'virtual_hosts'));
    return hosts.flatMap((host) => messages(host['routes']).map((route) => ({ table, name: text(route['name']) })));
  });
}

export function virtualHostsOf({ routes = [] }: Dump): readonly VirtualHost[] {
  return routes.flatMap((entry) => {
    const table = text(dig(entry, 'route_config', 'name'));
    return messages(dig(entry, 'route_config', 'virtual_hosts')).map((host) => ({ table, name: text(host['name']) }));
  });
}

export function clustersOf({ clusters = [] }: Dump): readonly Cluster[] {
  return clusters.map(({ cluster }) => {
    const message = isMessage(cluster) ? cluster : {};
    const istio = dig(message, 'metadata', 'filter_metadata', 'istio');
    return {
      name: text(message['name']),
      subset: text(dig(istio, 'subset')),
      rule: text(dig(istio, 'config')),
      message,
    };
  });
}

/** Listeners that accept connections: neither those that wait for a part of theirs nor those that only drain. */
export function listenersOf({ listeners = [] }: Dump): readonly Listener[] {
  return listeners.flatMap((entry) => {
    const listener = dig(entry, 'active_state', 'listener');
    if (!isMessage(listener)) return [];
    const port = dig(listener, 'address', 'socket_address', 'port_value');
    const chains = messages(listener['filter_chains']).map(chainOf);
    return [{ name: text(listener['name']), port: typeof port === 'number' ? port : 0, chains }];
  });
}

export function secretsOf({ secrets = [] }: Dump): readonly Secret[] {
  return secrets.map((entry) => {
    const encoded = text(dig(entry, 'secret', 'tls_certificate', 'certificate_chain', 'inline_bytes'));
    return { name: text(entry['name']), certificates: Buffer.from(encoded, 'base64').toString('utf8') };
  });
}

/** What the proxy refused to take, in its own words; empty where it took everything. */
export function rejectionsOf(dump: Dump): readonly string[] {
  return Object.values(dump).flatMap((entries) =>
    entries
      .filter((entry) => entry['error_state'] !== undefined)
      .map((entry) => text(dig(entry, 'error_state', 'details'))),
  );
}

function chainOf(chain: Message): Chain {
  const names = dig(chain, 'filter_chain_match', 'server_names');
  const tables = messages(chain['filters']).map((filter) =>
    text(dig(filter, 'typed_config', 'rds', 'route_config_name')),
  );
  const tls = dig(
    chain,
    'transport_socket',
    'typed_config',
    'common_tls_context',
    'tls_certificate_sds_secret_configs',
  );
  return {
    name: text(chain['name']),
    serverNames: Array.isArray(names) ? names.map(text) : [],
    table: tables.find((table) => table !== '') ?? '',
    secret: messages(tls).map((config) => text(config['name']))[0] ?? '',
    targets: messages(chain['filters']).flatMap(targetsOf),
  };
}

function targetsOf(filter: Message): readonly Target[] {
  if (text(filter['name']) !== 'envoy.filters.network.tcp_proxy') return [];
  const lone = text(dig(filter, 'typed_config', 'cluster'));
  if (lone !== '') return [{ cluster: lone, weight: 100 }];
  return messages(dig(filter, 'typed_config', 'weighted_clusters', 'clusters')).map(({ name, weight }) => ({
    cluster: text(name),
    weight: Number(weight),
  }));
}
