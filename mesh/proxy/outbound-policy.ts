import type { Dump } from './dump.ts';
import { listenersOf, virtualHostsOf } from './parts.ts';

/** What a sidecar does with traffic to whom it does not know: `open` lets it pass, `shut` refuses it, `torn` is neither wholly. */
export type OutboundPolicy = 'open' | 'shut' | 'torn';

/** The listener that every connection comes to first, and its chain for those that no other listener claims. */
const FIRST = 'virtualOutbound';
const UNKNOWN = 'virtualOutbound-catchall-tcp';

/**
 * Read from both places in which it stands: the chain that connections to unknown addresses end up in, and the virtual host of every route table
 * that requests for unknown hosts end up in. They come to the proxy in different messages.
 */
export function outboundPolicyOf(dump: Dump): OutboundPolicy {
  const chains = listenersOf(dump).filter(({ name }) => name === FIRST);
  const targets = chains.flatMap(({ chains }) =>
    chains.filter(({ name }) => name === UNKNOWN).flatMap(({ targets }) => targets),
  );
  const hosts = virtualHostsOf(dump).map(({ name }) => name);
  const signs = [
    ...targets.map(({ cluster }) => cluster === 'BlackHoleCluster'),
    ...hosts.filter((name) => name === 'allow_any' || name === 'block_all').map((name) => name === 'block_all'),
  ];
  if (signs.every((shut) => !shut)) return 'open';
  return signs.every((shut) => shut) ? 'shut' : 'torn';
}
