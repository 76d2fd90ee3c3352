import { dig, type Dump, isMessage, type Message, messages, text } from './dump.ts';

/** One way into a workload: for connections to this port (0: to any that no other chain names), in this form. */
export interface Door {
  readonly port: number;
  /** Only clients with a certificate of the mesh. */
  readonly mutual: boolean;
}

/** Who a token may come from, and where it is looked for. */
export interface TokenProvider {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Ids of the keys that signatures are checked with. */
  readonly keys: readonly string[];
}

/** A policy's rule, as Envoy's filter for it names it, and what becomes of a request that matches. */
export interface Guard {
  readonly name: string;
  readonly action: string;
}

const CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';
/** A sidecar takes everything in through this one. A gateway has none, and a listener for each port instead. */
const INBOUND = 'virtualInbound';
/** The way in that closes whatever comes: for connections to the listener's own port. */
const NO_WAY_IN = 'virtualInbound-blackhole';

/** How connections are taken in. A listener that is still warming is not in use, and so not in here. */
export function doorsOf(dump: Dump): readonly Door[] {
  return inboundChains(dump).map((chain) => {
    const port = dig(chain, 'filter_chain_match', 'destination_port');
    const mutual = dig(chain, 'transport_socket', 'typed_config', 'require_client_certificate') === true;
    return { port: typeof port === 'number' ? port : 0, mutual };
  });
}

/** The policies' rules for every way in that reads requests. */
export function guardsOf(dump: Dump): readonly (readonly Guard[])[] {
  return filtersByChain(dump).map((filters) =>
    configsOf(filters, 'envoy.filters.http.rbac').flatMap((config) => {
      const policies = dig(config, 'rules', 'policies');
      const action = text(dig(config, 'rules', 'action')) || 'ALLOW';
      return isMessage(policies) ? Object.keys(policies).map((name) => ({ name, action })) : [];
    }),
  );
}

/** The same for tokens. */
export function tokenProvidersOf(dump: Dump): readonly (readonly TokenProvider[])[] {
  return filtersByChain(dump).map((filters) =>
    configsOf(filters, 'envoy.filters.http.jwt_authn').flatMap((config) => {
      const providers = dig(config, 'providers');
      return isMessage(providers) ? Object.values(providers).map(tokenProvider) : [];
    }),
  );
}

function tokenProvider(provider: unknown): TokenProvider {
  const audiences = dig(provider, 'audiences');
  return {
    issuer: text(dig(provider, 'issuer')),
    audiences: Array.isArray(audiences) ? audiences.map(text) : [],
    keys: keyIds(text(dig(provider, 'local_jwks', 'inline_string'))),
  };
}

/** Ids of the keys of a set; none where it is not one. */
export function keyIds(jwks: string): readonly string[] {
  try {
    return messages((JSON.parse(jwks) as { readonly keys?: unknown }).keys).map(({ kid }) => text(kid));
  } catch {
    return [];
  }
}

function filtersByChain(dump: Dump): readonly (readonly Message[])[] {
  const managers = inboundChains(dump).flatMap((chain) =>
    messages(chain['filters']).filter(({ name }) => name === CONNECTION_MANAGER),
  );
  return managers.map((manager) => messages(dig(manager, 'typed_config', 'http_filters')));
}

function configsOf(filters: readonly Message[], name: string): readonly unknown[] {
  return filters.filter((filter) => filter['name'] === name).map((filter) => filter['typed_config']);
}

function inboundChains({ listeners = [] }: Dump): readonly Message[] {
  const active = listeners.map((entry) => dig(entry, 'active_state', 'listener')).filter(isMessage);
  const inbound = active.filter(({ name }) => name === INBOUND);
  return (inbound.length > 0 ? inbound : active).flatMap((listener) => [
    ...messages(listener['filter_chains']).filter(({ name }) => name !== NO_WAY_IN),
    ...[listener['default_filter_chain']].filter(isMessage),
  ]);
}
