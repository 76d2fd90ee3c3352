/** Reads what back ends answered into what the page shows. It trusts none of it: a sick back end must not break the page. */

export interface ShownRating {
  stars: number;
  color: string;
}

export interface ShownReview {
  reviewer: string;
  text: string;
  /** A text is the reason why there are no stars; undefined where this version has none at all. */
  rating?: ShownRating | string;
}

export interface ShownReviews {
  pod: string;
  cluster: string;
  reviews: ShownReview[];
}

const MOST_STARS = 5;

export function shownDetails(body: unknown): [name: string, value: string][] {
  return Object.entries(fieldsOf(body))
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => [name, textOf(value)]);
}

export function shownReviews(body: unknown): ShownReviews {
  const { podname, clustername, reviews } = fieldsOf(body);
  const list: unknown[] = Array.isArray(reviews) ? reviews : [];
  return { pod: textOf(podname), cluster: textOf(clustername), reviews: list.map(shownReview) };
}

function shownReview(review: unknown): ShownReview {
  const { reviewer, text, rating } = fieldsOf(review);
  const shown = { reviewer: textOf(reviewer), text: textOf(text) };
  return rating === undefined ? shown : { ...shown, rating: shownRating(fieldsOf(rating)) };
}

function shownRating({ stars, color, error }: Partial<Record<string, unknown>>): ShownRating | string {
  if (typeof stars !== 'number') return textOf(error);
  const name = textOf(color);
  // It becomes part of a style.
  return { stars: Math.min(MOST_STARS, Math.max(0, Math.round(stars))), color: /^[a-z]+$/.test(name) ? name : 'black' };
}

function fieldsOf(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
