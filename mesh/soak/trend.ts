/** A figure of one run. */
export interface Point {
  readonly run: number;
  /** What it can be compared within: another cluster begins anew. */
  readonly cluster: string;
  readonly value: number;
}

export interface Trend {
  /** steady: growth beyond what is allowed is ruled out; growing: more than is allowed, and more than chance; unknown: too few runs, or they scatter too much to tell. */
  readonly verdict: 'steady' | 'growing' | 'unknown';
  /** Runs that were judged. */
  readonly judged: number;
  /** What a hundred runs add, by least squares, and the standard error of that. */
  readonly perHundred: number;
  readonly error: number;
}

/** The rule in words, for whoever reads a verdict. */
export const RULE =
  'A figure grows if least squares over the runs give more than the limit for a hundred runs, and more than three standard errors. ' +
  'It is steady if the limit is more than three standard errors above the slope; between the two nothing can be told. ' +
  'The first third of the runs on each cluster, at least three, is not judged: what is made once is made there; of resident memory, the first twenty at least. ' +
  'Fewer than eight others are too few.';

const LEAST_JUDGED = 8;
const LEAST_WARM_UP = 3;
const STANDARD_ERRORS = 3;

/**
 * Whether a figure grows from run to run.
 *
 * @param warmUp runs on a cluster that are not judged at least
 */
export function trendOf(points: readonly Point[], limitPerHundred: number, warmUp = LEAST_WARM_UP): Trend {
  const series = [...Map.groupBy(points, ({ cluster }) => cluster).values()]
    .map((all) => warm(all, warmUp))
    .filter(({ length }) => length > 1);
  const judged = series.flat().length;
  // One slope for all clusters, and for each a level of its own.
  const around = series.flatMap(centred);
  const square = sum(around.map(({ x }) => x * x));
  const slope = square === 0 ? 0 : sum(around.map(({ x, y }) => x * y)) / square;
  const rest = sum(around.map(({ x, y }) => (y - slope * x) ** 2));
  const freedom = judged - series.length - 1;
  if (judged < LEAST_JUDGED || freedom < 1) return { verdict: 'unknown', judged, perHundred: slope * 100, error: 0 };
  const error = Math.sqrt(rest / freedom / square);
  return {
    verdict: verdictOn(slope, error, limitPerHundred / 100),
    judged,
    perHundred: slope * 100,
    error: error * 100,
  };
}

function verdictOn(slope: number, error: number, limit: number): Trend['verdict'] {
  if (slope > limit && slope > STANDARD_ERRORS * error) return 'growing';
  return slope + STANDARD_ERRORS * error <= limit ? 'steady' : 'unknown';
}

function warm(series: readonly Point[], least: number): readonly Point[] {
  return series.slice(Math.max(least, Math.ceil(series.length / 3)));
}

function centred(series: readonly Point[]): readonly { readonly x: number; readonly y: number }[] {
  const [run, value] = [mean(series.map((point) => point.run)), mean(series.map((point) => point.value))];
  return series.map((point) => ({ x: point.run - run, y: point.value - value }));
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
