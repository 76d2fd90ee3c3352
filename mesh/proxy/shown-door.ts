import type { Admin } from './by-admin.ts';
import { dig, messages, text } from './dump.ts';
import { routeInProxy } from './sight.ts';

/** A port that a gateway's proxy may listen on, and a host that may be asked for there. */
export interface ShownDoor {
  /** `istio-e2e-w0/ingress-5f by Envoy's admin` */
  readonly name: string;
  readonly port: number;
  readonly host: string;
  look(): Promise<DoorSight>;
}

export interface DoorSight {
  /** By `/listeners`. */
  readonly open: boolean;
  /** By `/config_dump`, in order: `nodebook.istio-e2e-w0#71.0: anything to v3 100`. */
  readonly routes: readonly string[];
}

export function shownDoor(
  { view, listeners }: Pick<Admin, 'view' | 'listeners'>,
  port: number,
  host: string,
): ShownDoor {
  const look = async () => {
    const [names, { routes = [] }] = await Promise.all([listeners(), view.read(['routes'])]);
    const tables = routes.map((entry) => dig(entry, 'route_config'));
    const behind = tables
      .filter((table) => text(dig(table, 'name')) === `http.${port}`)
      .flatMap((table) => messages(dig(table, 'virtual_hosts')))
      .filter(({ domains }) => Array.isArray(domains) && domains.includes(host))
      .flatMap((one) => messages(one['routes']));
    return {
      open: names.includes(`0.0.0.0_${port}`),
      routes: behind.map((route) => `${text(route['name'])}: ${routeInProxy(route)}`),
    };
  };
  return { name: view.name, port, host, look };
}
