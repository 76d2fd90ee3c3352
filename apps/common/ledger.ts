/** What an app remembers: how many requests it served, and which request ids arrived, try by try. */

export interface SeenId {
  /** How many times a request with this id arrived. */
  count: number;
  /** `x-envoy-attempt-count` of each arrival that carried one, in order of arrival. */
  attempts: number[];
}

export interface Seen {
  ids: Record<string, SeenId>;
  /** Ids that were pushed out by newer ones. Not 0: `ids` does not tell the whole story any more. */
  forgotten: number;
}

const REMEMBERED_IDS = 20_000;
const REMEMBERED_ATTEMPTS = 100;

export class Ledger {
  #served = 0;
  #forgotten = 0;
  readonly #seen = new Map<string, SeenId>();
  readonly #capacity: number;

  constructor(capacity = REMEMBERED_IDS) {
    this.#capacity = capacity;
  }

  get total(): number {
    return this.#served;
  }

  serve(): void {
    this.#served += 1;
  }

  /** Notes the arrival of one try, whether it will be answered or not: a try that timed out was sent all the same. */
  arrive(id: string, attempt: string): void {
    const entry = this.#seen.get(id) ?? { count: 0, attempts: [] };
    entry.count += 1;
    if (/^\d+$/.test(attempt) && entry.attempts.length < REMEMBERED_ATTEMPTS) entry.attempts.push(Number(attempt));
    // Taken out and put in again, so that the map's own order is from the oldest arrival to the newest.
    this.#seen.delete(id);
    this.#seen.set(id, entry);
    this.#forgetOldest();
  }

  seen(prefix: string): Seen {
    const ids = [...this.#seen].filter(([id]) => id.startsWith(prefix));
    return { ids: Object.fromEntries(ids), forgotten: this.#forgotten };
  }

  #forgetOldest(): void {
    if (this.#seen.size <= this.#capacity) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
    this.#forgotten += 1;
  }
}
