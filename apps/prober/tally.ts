import type { Outcome, Percentiles, TallyRow } from './protocol.ts';

/** Counts equal outcomes together. */
export class Tally {
  readonly #rows = new Map<string, TallyRow>();

  add(outcome: Outcome): void {
    const key = keyOf(outcome);
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, { outcome, count: 1 });
    else row.count += 1;
  }

  /** Most frequent first. */
  rows(): TallyRow[] {
    return [...this.#rows.values()].sort((a, b) => b.count - a.count);
  }
}

function keyOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return [outcome.reason, outcome.detail].join('\n');
  return [outcome.status, outcome.version, outcome.server, outcome.detail].join('\n');
}

/** By nearest rank: each is a time that was measured. */
export function percentiles(millis: readonly number[]): Percentiles {
  const sorted = Float64Array.from(millis).sort();
  const at = (share: number): number => round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Three decimals: the rest is noise that makes a large answer larger. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
