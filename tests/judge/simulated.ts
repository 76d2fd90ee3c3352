export const DRAWS = 20_000;

/** Numbers that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Requests one by one, of which a share comes to each of two or three outcomes: how many come to each. */
export function countsAmong(
  requests: number,
  [one = 0, two = 0]: readonly number[],
  random: () => number,
): readonly number[] {
  let [ones, twos] = [0, 0];
  for (let request = 0; request < requests; request += 1) {
    const drawn = random();
    if (drawn < one) ones += 1;
    else if (drawn < one + two) twos += 1;
  }
  return [ones, twos, requests - ones - twos];
}

const known = new Map<string, readonly (readonly number[])[]>();

/** So many samples, from each of these shares in turn. They are always the same, and so drawn once for all who ask alike. */
function samplesOf(
  requests: number,
  drawnFrom: readonly (readonly number[])[],
  draws: number,
): readonly (readonly number[])[] {
  const key = JSON.stringify([requests, drawnFrom, draws]);
  const random = seeded(20_261_121);
  const samples =
    known.get(key) ??
    Array.from({ length: draws }, (_, draw) => countsAmong(requests, drawnFrom[draw % drawnFrom.length] ?? [], random));
  known.set(key, samples);
  return samples;
}

interface Estimate {
  readonly chance: number;
  readonly error: number;
}

/**
 * How often a sample of requests with these true shares comes to a verdict, simulated request by request. What happens once in a million
 * samples is made frequent by drawing from other shares, and each sample counts by how much likelier it is there.
 */
export function simulatedOf(
  requests: number,
  actual: readonly number[],
  drawnFrom: readonly (readonly number[])[],
  comes: (counts: readonly number[]) => boolean,
  draws = DRAWS,
): Estimate {
  const remembered = new Map<string, boolean>();
  const logs = drawnFrom.map((shares) => shares.map((share, outcome) => Math.log(share / (actual[outcome] ?? 0))));
  const weight = (counts: readonly number[]) => {
    const likelier = logs.map((of) =>
      Math.exp(of.reduce((sum, log, outcome) => sum + log * (counts[outcome] ?? 0), 0)),
    );
    return drawnFrom.length / likelier.reduce((sum, one) => sum + one, 0);
  };
  const weights = samplesOf(requests, drawnFrom, draws).map((counts) => {
    const came = remembered.get(counts.join()) ?? comes(counts);
    remembered.set(counts.join(), came);
    return came ? weight(counts) : 0;
  });
  const chance = weights.reduce((sum, one) => sum + one, 0) / draws;
  const variance = weights.reduce((sum, one) => sum + (one - chance) ** 2, 0) / (draws - 1);
  return { chance, error: Math.sqrt(variance / draws) };
}

/** The same where a request hits or does not. */
export function simulated(
  requests: number,
  actual: number,
  drawnFrom: readonly number[],
  comes: (hits: number) => boolean,
): Estimate {
  const both = (share: number) => [share, 1 - share];
  return simulatedOf(requests, both(actual), drawnFrom.map(both), ([hits = 0]) => comes(hits));
}
