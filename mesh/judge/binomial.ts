import cdf from '@stdlib/stats-base-dists-binomial-cdf';

/** Chance that a mesh which is right is called wrong, both directions together. */
export const FALSE_ALARM = 1e-6;
/** Chance that a mesh which is off by the declared shift is called right, in the worse direction. */
export const MISS = 1e-3;

/** The miss chance over the size is a saw-tooth: a size counts only if so many after it hold as well. */
const HOLDS_FOR = 25;
const mostRequests = 200_000;

export interface Bounds {
  /** Fewest and most hits that are still believed. */
  readonly atLeast: number;
  readonly atMost: number;
}

/** The exact region that a right mesh leaves with a chance below `alarm`, half of it at either end. */
export function bounds(share: number, requests: number, alarm = FALSE_ALARM): Bounds {
  let atLeast = Math.floor(share * requests);
  let atMost = Math.ceil(share * requests);
  while (atLeast > 0 && below(atLeast, requests, share) > alarm / 2) atLeast -= 1;
  while (atMost < requests && above(atMost, requests, share) > alarm / 2) atMost += 1;
  return { atLeast, atMost };
}

/** The chance that a mesh whose true share is `actual` is believed. */
export function believed({ atLeast, atMost }: Bounds, requests: number, actual: number): number {
  if (actual < 0 || actual > 1) return 0;
  return cdf(atMost, requests, actual) - below(atLeast, requests, actual);
}

/** The chance that a mesh whose true share is `actual` is not believed: as a sum, since it is too small for a difference. */
export function disbelieved({ atLeast, atMost }: Bounds, requests: number, actual: number): number {
  return below(atLeast, requests, actual) + above(atMost, requests, actual);
}

const remembered = new Map<string, number>();

/**
 * How many requests tell a share from one that is `shift` away in either direction, by one sample. It takes a while, so sizes
 * are remembered.
 *
 * @param share expected share, 0 to 1
 * @param shift smallest difference that must be noticed, 0 to 1
 */
export function sampleSize(share: number, shift: number, alarm = FALSE_ALARM): number {
  if (!(share > 0 && share < 1 && shift > 0 && shift < 1)) {
    throw new RangeError(`A split needs shares and a shift between 0 and 1; seen: share ${share}, shift ${shift}.`);
  }
  const key = `${share} ${shift} ${alarm}`;
  const known = remembered.get(key) ?? search(share, shift, alarm);
  remembered.set(key, known);
  return known;
}

function search(share: number, shift: number, alarm: number): number {
  const start = lowerEstimate(share, shift);
  for (let requests = start, good = 0; requests < mostRequests; requests += 1) {
    const region = bounds(share, requests, alarm);
    const miss = Math.max(believed(region, requests, share - shift), believed(region, requests, share + shift));
    good = miss < MISS ? good + 1 : 0;
    if (good === HOLDS_FOR) return requests - HOLDS_FOR + 1;
  }
  throw new RangeError(`No sample of up to ${mostRequests} requests tells ${share} from ${shift} beside it.`);
}

/** Well below the size that the normal approximation gives: the exact search need not begin at one request. */
function lowerEstimate(share: number, shift: number): number {
  const [alarmScore, missScore] = [4.89, 3.09];
  const spread = (p: number) => Math.sqrt(Math.max(0, p * (1 - p)));
  const narrower = Math.min(spread(share - shift), spread(share + shift));
  const estimate = ((alarmScore * spread(share) + missScore * narrower) / shift) ** 2;
  return Math.max(1, Math.floor(0.7 * estimate));
}

function below(hits: number, requests: number, share: number): number {
  return hits <= 0 ? 0 : cdf(hits - 1, requests, share);
}

function above(hits: number, requests: number, share: number): number {
  return hits >= requests ? 0 : 1 - cdf(hits, requests, share);
}
