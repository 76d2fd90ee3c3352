/** How long one service waits for another, in milliseconds: the sample's own limits, which its tasks build upon. */
export interface Limits {
  /** The product page, for any one try. */
  page: number;
  /** Reviews with black stars, for ratings: longer than the page waits for them, which is the sample's planted defect. */
  blackStars: number;
  /** Reviews with stars of another colour, for ratings. */
  otherStars: number;
}

export const LIMITS: Limits = { page: 3_000, blackStars: 10_000, otherStars: 2_500 };
