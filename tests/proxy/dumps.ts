import type { Dump } from '../../mesh/proxy/dump.ts';
import type { ProxyView } from '../../mesh/proxy/view.ts';

/** Cut from what Envoy 1.39 shows, down to the fields that are read. */

export const routeTable = (table: string, ...names: readonly string[]) => ({
  version_info: '2026-11-20T19:55:56Z/31',
  route_config: {
    name: table,
    virtual_hosts: [
      { name: `nodebook.${table}`, domains: ['*'], routes: names.map((name) => ({ name, match: { prefix: '/' } })) },
    ],
  },
});

export const cluster = (subset: string, rule: string, extra: object = {}) => ({
  version_info: '2026-11-20T19:55:56Z/31',
  cluster: {
    name: `outbound|3000|${subset}|nodebook.istio-e2e-w0.svc.cluster.local`,
    type: 'EDS',
    circuit_breakers: {
      thresholds: [
        {
          max_connections: 4294967295,
          max_pending_requests: 4294967295,
          max_requests: 4294967295,
          max_retries: 4294967295,
        },
      ],
    },
    metadata: {
      filter_metadata: {
        istio: {
          ...(subset === '' ? {} : { subset }),
          config: `/apis/networking.istio.io/v1/namespaces/istio-e2e-w0/destination-rule/${rule}`,
        },
      },
    },
    ...extra,
  },
});

export const listener = (port: number, ...chains: readonly object[]) => ({
  name: `0.0.0.0_${port}`,
  active_state: {
    listener: {
      name: `0.0.0.0_${port}`,
      address: { socket_address: { address: '0.0.0.0', port_value: port } },
      filter_chains: chains,
    },
  },
});

export const drainingListener = (port: number) => ({
  name: `0.0.0.0_${port}`,
  draining_state: listener(port).active_state,
});

export const plainChain = (table: string) => ({
  filters: [
    { name: 'envoy.filters.network.http_connection_manager', typed_config: { rds: { route_config_name: table } } },
  ],
});

export const tlsChain = (host: string, table: string, secret: string) => ({
  ...plainChain(table),
  filter_chain_match: { server_names: [host] },
  transport_socket: {
    typed_config: { common_tls_context: { tls_certificate_sds_secret_configs: [{ name: secret }] } },
  },
});

export const secret = (name: string, pem: string) => ({
  name,
  secret: { name, tls_certificate: { certificate_chain: { inline_bytes: Buffer.from(pem).toString('base64') } } },
});

/** A proxy that shows one dump after the other, the last one for ever. */
export function proxyShowing(...dumps: readonly Dump[]): ProxyView {
  let looks = 0;
  const read = () => {
    const dump = dumps[Math.min(looks, dumps.length - 1)] ?? {};
    looks += 1;
    return Promise.resolve(dump);
  };
  return { name: 'istio-e2e-w0/prober-1', namespace: 'istio-e2e-w0', pod: 'prober-1', read };
}
