/** What a person sees of the reviews on bookinfo's page. */
export interface Sight {
  readonly reviews: number;
  /** Colour of each review's stars; shorter than the reviews where some have none. */
  readonly stars: readonly string[];
  /** Sentences that say what is not there. */
  readonly apologies: readonly string[];
}

/** `black stars`, `no stars`, or what the page says instead. */
export function sightInWords({ reviews, stars, apologies }: Sight): string {
  const [apology] = apologies;
  if (apology !== undefined) return apology;
  if (reviews === 0) return 'no reviews at all';
  if (stars.length === 0) return 'no stars';
  const colors = [...new Set(stars)].toSorted().join(' and ');
  return stars.length === reviews ? `${colors} stars` : `${colors} stars on ${stars.length} of ${reviews} reviews`;
}
