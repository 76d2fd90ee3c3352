import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Asks DNS once for a name that has one address, whoever connects to it meanwhile or later: asking anew for each connection is four queries each, along
 * the search domains, and loads the cluster's DNS for nothing. A name that has several addresses is asked for each time, because DNS takes turns with them.
 */
export function lookupOnce(ask: typeof dns.lookup = dns.lookup): LookupFunction {
  const sole = new Map<string, Promise<dns.LookupAddress | undefined>>();
  return (hostname, options, callback) => {
    const tell = (addresses: dns.LookupAddress[]) => {
      if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    };
    const askNow = (settle: (only: dns.LookupAddress | undefined) => void = () => undefined) => {
      ask(hostname, { ...options, all: true }, (error, addresses) => {
        const only = error === null && addresses.length === 1 ? addresses[0] : undefined;
        if (only === undefined) sole.delete(hostname);
        settle(only);
        if (error === null) tell(addresses);
        else callback(error, '');
      });
    };
    const known = sole.get(hostname);
    if (known === undefined) sole.set(hostname, new Promise(askNow));
    else
      void known.then((only) => {
        if (only === undefined) askNow();
        else tell([only]);
      });
  };
}
