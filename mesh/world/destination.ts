import { ownHost } from '../rules/place.ts';
import type { App } from './apps.ts';
import type { Ingress } from './ingress.ts';

/** A way to an app: from inside the mesh by its Service, or from outside through an ingress gateway. */
export interface Destination {
  readonly subject: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Entrance {
  readonly through: Ingress;
  /** Name of the port of the gateway's Service. */
  readonly port: string;
  /** The host that is asked for; without it the gateway's own address. */
  readonly host?: string;
}

export function byService({ service, port, path, protocol }: App): Destination {
  return { subject: service, url: new URL(`${protocol ?? 'http'}://${service}:${port}${path}`), headers: {} };
}

export function byGateway(
  { service, path, protocol }: App,
  { through, port, host }: Entrance,
  namespace: string,
): Destination {
  const asked = host === undefined ? {} : { host: through.shared ? ownHost(host, namespace) : host };
  const url = new URL(`${protocol ?? 'http'}://${through.address(port)}${path}`);
  return { subject: `${service} through ${through.service} (${port})`, url, headers: asked };
}
