import type { Http } from '../kube/pod-http.ts';
import { type Dump, entriesOf, fields, type Section } from './dump.ts';
import { unreadable } from './unreadable.ts';
import type { ProxyView } from './view.ts';

/** Reads a proxy through the prober in its pod, which passes Envoy's admin on, read-only. Some milliseconds a look. */
export function viewByRelay(namespace: string, pod: string, http: Http): ProxyView {
  const readOne = async (section: Section, about: string | undefined) => {
    const narrow = section === 'clusters' && about !== undefined ? `&name_regex=.*\\.${about}\\..*` : '';
    const reply = await http.send({ method: 'GET', path: `/envoy/config_dump?resource=${fields[section]}${narrow}` });
    // Envoy answers 404 for a section that has never had an entry.
    if (reply.status === 404) return [section, []] as const;
    if (reply.status !== 200)
      throw unreadable(
        `Reading the ${section} of the proxy of ${http.peer}`,
        `${reply.status} ${reply.text.slice(0, 200)}`,
      );
    return [section, entriesOf(JSON.parse(reply.text), section)] as const;
  };
  const shared = sharingReads(readOne);
  const read = async (wanted: readonly Section[], about?: string): Promise<Dump> =>
    Object.fromEntries(await Promise.all(wanted.map((section) => shared(section, about))));
  return { name: `${namespace}/${pod}`, namespace, pod, read };
}

type ReadOne = (section: Section, about: string | undefined) => Promise<readonly [Section, Dump[Section]]>;

/** Several rules are awaited at once, and each looks at the same: who comes while a read is under way gets its answer too. */
function sharingReads(readOne: ReadOne): ReadOne {
  const underWay = new Map<string, ReturnType<ReadOne>>();
  return (section, about = '') => {
    const key = `${section} ${about}`;
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const started = readOne(section, about === '' ? undefined : about).finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}
