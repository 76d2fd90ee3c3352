import { type Labels, labelsInWords, type Series } from '../metrics/series.ts';

export const REQUESTS = 'istio_requests_total';

/** What a metric is claimed to have grown by, in all series with these labels together. */
export interface Claimed {
  readonly labels: Labels;
  readonly by: number;
}

/**
 * What does not hold: every claim is met to the last request, and nothing else has grown. For a claim without a series the nearest ones are named, with
 * the labels in which they differ.
 */
export function flawsOfGrowth(grown: readonly Series[], claims: readonly Claimed[]): readonly string[] {
  const wrong = claims.flatMap(({ labels, by }) => {
    const seen = grown.filter((one) => fits(one, labels));
    const sum = seen.reduce((all, { value }) => all + value, 0);
    if (sum === by) return [];
    const words = labelsInWords(labels);
    return seen.length === 0
      ? [`no ${REQUESTS}${words} has grown, and ${by} were claimed: ${nearest(grown, labels)}`]
      : [`${REQUESTS}${words} grew by ${sum}, and not by ${by}`];
  });
  const strangers = grown.filter((one) => !claims.some(({ labels }) => fits(one, labels)));
  // What is nearest to a missing one has been told already.
  if (wrong.length > 0) return wrong;
  return strangers.map(({ labels, value }) => `${REQUESTS}${labelsInWords(labels)} grew by ${value} too`);
}

function fits({ labels }: Series, wanted: Labels): boolean {
  return differing(labels, wanted).length === 0;
}

function differing(labels: Labels, wanted: Labels): readonly (readonly [string, string])[] {
  return Object.entries(wanted).filter(([name, value]) => labels[name] !== value);
}

function nearest(grown: readonly Series[], wanted: Labels): string {
  const distances = grown.map(({ labels }) => differing(labels, wanted).length);
  const least = Math.min(...distances);
  const near = grown.filter((_, index) => distances[index] === least);
  if (near.length === 0) return 'no series has';
  return near
    .map(({ labels, value }) => {
      const words = differing(labels, wanted).map(
        ([name, claimed]) => `${name} is ${inWords(labels[name])}, and not ${claimed}`,
      );
      return `the nearest grew by ${value}, and its ${words.join('; ')}`;
    })
    .join('. ');
}

function inWords(value: string | undefined): string {
  return value === undefined ? 'missing' : value === '' ? 'empty' : value;
}
