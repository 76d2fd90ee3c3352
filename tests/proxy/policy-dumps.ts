/** A sidecar's inbound listener, cut from what Envoy 1.39 shows, down to the fields that are read. */
export const inbound = (...chains: readonly object[]) => ({
  name: 'virtualInbound',
  active_state: {
    listener: {
      name: 'virtualInbound',
      address: { socket_address: { address: '0.0.0.0', port_value: 15006 } },
      filter_chains: [
        { name: 'virtualInbound-blackhole', filter_chain_match: { destination_port: 15006 }, filters: [] },
        ...chains,
      ],
    },
  },
});

export interface ChainOptions {
  readonly tls?: boolean;
  readonly filters?: readonly object[];
}

/** A way in for connections to a port; without one, for all others. */
export const wayIn = (port: number | undefined, { tls = false, filters = [] }: ChainOptions = {}) => ({
  name: port === undefined ? 'virtualInbound-catchall-http' : `0.0.0.0_${port}`,
  filter_chain_match: {
    ...(port === undefined ? {} : { destination_port: port }),
    transport_protocol: tls ? 'tls' : 'raw_buffer',
  },
  ...(tls ? { transport_socket: { name: 'tls', typed_config: { require_client_certificate: true } } } : {}),
  filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: { http_filters: filters } }],
});

/** Both ways into a port, as under PERMISSIVE. */
export const bothWays = (port?: number) => [wayIn(port, { tls: true }), wayIn(port)];

export const rbac = (action: 'ALLOW' | 'DENY', ...names: readonly string[]) => ({
  name: 'envoy.filters.http.rbac',
  typed_config: {
    rules: { ...(action === 'ALLOW' ? {} : { action }), policies: Object.fromEntries(names.map((name) => [name, {}])) },
  },
});

export const jwtAuthn = (issuer: string, audiences: readonly string[], jwks: string) => ({
  name: 'envoy.filters.http.jwt_authn',
  typed_config: { providers: { 'origins-0': { issuer, audiences, local_jwks: { inline_string: jwks } } } },
});
