import type { Context } from '../kube/credentials.ts';
import { runInPod } from '../kube/exec.ts';
import { dig, type Dump, entriesOf, fields, isMessage, messages, type Section, text } from './dump.ts';
import { snaked } from './snake.ts';
import type { ProxyView } from './view.ts';

/** What Envoy was started with: who it is, where its admin listens, whom it gets its configuration from. */
export interface Bootstrap {
  readonly node: string;
  readonly adminPort: number;
  readonly source: string;
  readonly clusters: readonly string[];
}

/** Envoy's admin, asked from inside the pod by the agent: it listens on the pod's loopback only. */
export interface Admin {
  readonly view: ProxyView;
  /** Names of the listeners that accept connections, as `/listeners` tells them. */
  listeners(): Promise<readonly string[]>;
  /** The same by `/config_dump`. */
  dumpedListeners(): Promise<readonly string[]>;
  /** The file that the agent wrote for Envoy. */
  bootstrapFile(): Promise<Bootstrap>;
}

const BOOTSTRAP = 'etc/istio/proxy/envoy-rev.json';

export function adminOf(context: Context, namespace: string, pod: string): Admin {
  const place = { namespace, pod, container: 'istio-proxy' };
  const get = async (page: string): Promise<unknown> =>
    JSON.parse(await runInPod(context, place, ['pilot-agent', 'request', 'GET', page])) as unknown;
  const dumped = async (section: Section) =>
    [section, entriesOf(await get(`config_dump?resource=${fields[section]}`), section)] as const;
  return {
    view: {
      name: `${namespace}/${pod} by Envoy's admin`,
      namespace,
      pod,
      read: async (wanted): Promise<Dump> => Object.fromEntries(await Promise.all(wanted.map(dumped))),
    },
    listeners: async () =>
      namesOf(messages(dig(await get('listeners?format=json'), 'listener_statuses')).map(({ name }) => name)),
    dumpedListeners: async () => {
      const [[, dynamic], fixed] = await Promise.all([
        dumped('listeners'),
        get('config_dump?resource=static_listeners'),
      ]);
      const active = dynamic.filter((entry) => isMessage(entry['active_state'])).map(({ name }) => name);
      const fixedNames = messages(dig(fixed, 'configs')).map((entry) => dig(entry, 'listener', 'name'));
      return namesOf([...active, ...fixedNames]);
    },
    bootstrapFile: async () => bootstrapIn(JSON.parse(await runInPod(context, place, ['cat', BOOTSTRAP])) as unknown),
  };
}

/** What tells one bootstrap from another, of a file or as it was loaded. */
export function bootstrapIn(json: unknown): Bootstrap {
  const config = snaked(json);
  const services = messages(dig(config, 'dynamic_resources', 'ads_config', 'grpc_services'));
  return {
    node: text(dig(config, 'node', 'id')),
    adminPort: Number(dig(config, 'admin', 'address', 'socket_address', 'port_value')),
    source: text(dig(services[0], 'envoy_grpc', 'cluster_name')),
    clusters: namesOf(messages(dig(config, 'static_resources', 'clusters')).map(({ name }) => name)),
  };
}

function namesOf(values: readonly unknown[]): readonly string[] {
  return values.map(text).toSorted();
}
