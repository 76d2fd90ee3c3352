import dns from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What DNS said of a name. */
type Told = { readonly error: NodeJS.ErrnoException } | { readonly addresses: dns.LookupAddress[] };

/**
 * Asks DNS once for a name that has one address, whoever connects to it meanwhile or later: asking anew for each connection is four queries each, along
 * the search domains, and loads the cluster's DNS for nothing. A name that has several addresses is asked for each time, because DNS takes turns with them.
 * What cannot be found, nobody who asks meanwhile finds either; who comes later asks anew.
 */
export function lookupOnce(ask: typeof dns.lookup = dns.lookup): LookupFunction {
  const known = new Map<string, Promise<Told>>();
  return (hostname, options, callback) => {
    const asked = () =>
      new Promise<Told>((resolve) => {
        ask(hostname, { ...options, all: true }, (error, addresses) => {
          resolve(error === null ? { addresses } : { error });
        });
      });
    const tell = (told: Told) => {
      if ('error' in told) callback(told.error, '');
      else if (options.all === true) callback(null, told.addresses);
      else callback(null, told.addresses[0]?.address ?? '', told.addresses[0]?.family);
    };
    const earlier = known.get(hostname);
    if (earlier !== undefined) {
      void earlier.then(async (told) => {
        tell(hasSeveral(told) ? await asked() : told);
      });
      return;
    }
    const first = asked();
    known.set(hostname, first);
    void first.then((told) => {
      if ('error' in told || hasSeveral(told)) known.delete(hostname);
      tell(told);
    });
  };
}

function hasSeveral(told: Told): boolean {
  return 'addresses' in told && told.addresses.length !== 1;
}
