/** One request, as it arrived. */
export interface Visit {
  /** The port that it came to. */
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** The name in the TLS handshake; '' without TLS or without a name. */
  readonly serverName: string;
  /** The Host header. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** `address:port` of the other end of the connection. */
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Told {
  /** Connections by port: one that came to nothing counts too. */
  readonly connections: Readonly<Record<string, number>>;
  /** Requests in all. */
  readonly requests: number;
  /** The first of them, oldest first. */
  readonly visits: readonly Visit[];
}

const KEPT = 10_000;

/** Who came. It forgets only when it is told to. */
export class GuestBook {
  #connections = new Map<number, number>();
  #requests = 0;
  #visits: Visit[] = [];

  connected(port: number): void {
    this.#connections.set(port, (this.#connections.get(port) ?? 0) + 1);
  }

  visited(visit: Visit): void {
    this.#requests += 1;
    if (this.#visits.length < KEPT) this.#visits.push(visit);
  }

  tell(): Told {
    return { connections: Object.fromEntries(this.#connections), requests: this.#requests, visits: this.#visits };
  }

  forget(): void {
    this.#connections = new Map();
    this.#requests = 0;
    this.#visits = [];
  }
}
