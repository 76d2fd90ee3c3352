import { believed, type Bounds, disbelieved } from './binomial.ts';

/** A mesh that is wrong in this way is called right with this chance. */
export interface Miss {
  /** `v1 gets 10 points more` */
  readonly off: string;
  readonly chance: number;
}

/** What chance alone may do to a verdict, where the requests are drawn independently of each other. */
export interface Chances {
  /** A mesh that is right is called wrong. */
  readonly falseAlarm: number;
  readonly misses: readonly Miss[];
}

/** Of a share that is believed within bounds: both directions of the shift, as far as there is room for it. */
export function chancesOfShare(
  what: string,
  region: Bounds,
  requests: number,
  { share, shift }: { readonly share: number; readonly shift: number },
): Chances {
  const points = `${+(100 * shift).toFixed(2)} points`;
  const sides = [
    { off: `${what}: ${points} less`, actual: share - shift },
    { off: `${what}: ${points} more`, actual: share + shift },
  ];
  return {
    falseAlarm: disbelieved(region, requests, share),
    misses: sides
      .filter(({ actual }) => actual >= 0 && actual <= 1)
      .map(({ off, actual }) => ({ off, chance: believed(region, requests, actual) })),
  };
}

/** Of a claim that every single request must meet: a right mesh always does, and a share of exceptions may not show. */
export function chancesOfEvery(requests: number, leak: number): Chances {
  const off = `${+(100 * leak).toFixed(2)} % come to something else`;
  return { falseAlarm: 0, misses: [{ off, chance: (1 - leak) ** requests }] };
}

/**
 * Of hearing from each of several: one may keep silent by chance.
 *
 * @param shares of each, 0 to 1
 */
export function chancesOfHearing(requests: number, shares: readonly number[]): number {
  // Inclusion and exclusion, over every choice of those who keep silent; from the smallest term on.
  const terms = choices(shares)
    .filter(({ length }) => length > 0)
    .map((silent) => {
      const others = Math.max(0, 1 - silent.reduce((sum, share) => sum + share, 0));
      return (silent.length % 2 === 1 ? 1 : -1) * others ** requests;
    });
  return terms.toSorted((a, b) => Math.abs(a) - Math.abs(b)).reduce((sum, term) => sum + term, 0);
}

function choices<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (chosen, one) => [...chosen, ...chosen.map((some) => [...some, one])],
    [[]],
  );
}

/** That at least one of several verdicts on a right mesh is wrong: at most the sum, whatever hangs together. */
export function anyFalseAlarm(all: readonly Chances[]): number {
  return Math.min(
    1,
    all.reduce((sum, { falseAlarm }) => sum + falseAlarm, 0),
  );
}

/** `0.98 in 1,000,000` */
export function perMillion(chance: number): string {
  return `${+(1e6 * chance).toPrecision(2)} in 1,000,000`;
}

/** The same for a bound: rounded up, so that it stays one. */
export function atMostPerMillion(chance: number): string {
  const millionth = 1e6 * chance;
  const nearest = +millionth.toPrecision(2);
  const step = 10 ** (Math.floor(Math.log10(millionth)) - 1);
  return `${nearest >= millionth ? nearest : +(nearest + step).toPrecision(2)} in 1,000,000`;
}
