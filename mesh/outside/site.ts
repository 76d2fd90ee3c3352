import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../kube/objects.ts';
import type { Http } from '../kube/pod-http.ts';
import type { Order } from '../prober/protocol.ts';
import { isMessage } from '../proxy/dump.ts';
import { forgetVisits, readVisits, type Visits } from './visits.ts';

const defaultPorts = { http: 80, https: 443 } as const;
/** What stands in files for the outside world: the top-level domain and the addresses that nobody can own (RFC 2606, RFC 5737). */
const host = /\b([a-z][a-z0-9-]*)\.example\.test\b/g;
const ADDRESS = '203.0.113.10';

/** A way to the outside server: what to ask, and the address that the name is taken to have. */
export interface Door {
  readonly host: string;
  readonly port: number;
  readonly subject: string;
  readonly url: URL;
  readonly order: Pick<Order, 'connectTo' | 'tls' | 'version'>;
}

/** The part of an outside server that a verdict needs. */
export type Book = Pick<Site, 'name' | 'forget' | 'visits'>;

/** The outside server as one test knows it, under names that no other test uses. */
export class Site {
  readonly name = 'the outside server';
  /** As the nodes' network knows it. */
  readonly address: string;
  readonly #reception: Http;
  readonly #ca: string;
  readonly #mark = randomBytes(4).toString('hex');

  constructor(address: string, reception: Http, ca: string) {
    this.address = address;
    this.#reception = reception;
    this.#ca = ca;
  }

  /** `outside` -> `outside-5f2c9a01.example.test` */
  host(name = 'outside'): string {
    return `${name}-${this.#mark}.example.test`;
  }

  door(
    protocol: 'http' | 'https',
    { name = 'outside', port = defaultPorts[protocol] }: { name?: string; port?: number } = {},
  ): Door {
    const named = this.host(name);
    const tls = protocol === 'https' ? { tls: { ca: this.#ca, serverName: named } } : {};
    const url = new URL(`${protocol}://${named}:${port}/`);
    const order = { connectTo: `${this.address}:${port}`, version: { pattern: '^(outside)' }, ...tls };
    return { host: named, port, subject: `${protocol}://${named}:${port}`, url, order };
  }

  /** Who came; to one port, where that is given. */
  visits(port?: number): Promise<Visits> {
    return readVisits(this.#reception, port);
  }

  forget(): Promise<void> {
    return forgetVisits(this.#reception);
  }

  /** An object from a file, with the names and the address of this test's outside server. */
  settle<T extends KubeObject>(object: T): T {
    const walk = (part: unknown): unknown => {
      if (typeof part === 'string')
        return part.replace(host, (_, name: string) => this.host(name)).replace(ADDRESS, this.address);
      if (Array.isArray(part)) return part.map(walk);
      return isMessage(part)
        ? Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]))
        : part;
    };
    return walk(object) as T;
  }
}

/** Whether a host is one that no other test uses. */
export function isOutsideHost(name: string): boolean {
  return /-[0-9a-f]{8}\.example\.test$/.test(name);
}
