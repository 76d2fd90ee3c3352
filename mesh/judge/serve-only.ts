import { MISS } from './binomial.ts';
import { countWhere, type Outcome, type Tally, total } from './outcome.ts';

/** How many requests it takes to see at least one of a leak of this share, with a miss chance below 1 in 1,000. */
export function leakSize(leak: number): number {
  if (!(leak > 0 && leak < 1)) throw new RangeError(`A leak is a share between 0 and 1; seen: ${leak}.`);
  return Math.ceil(Math.log(MISS) / Math.log(1 - leak));
}

export interface OnlyVerdict {
  readonly pass: boolean;
  readonly requests: number;
  /** Requests that did not come to what was claimed, an unanswered one included. */
  readonly others: number;
}

/** "Every request came to this." One that was not answered makes the sample red, not smaller; 0 of 0 is red. */
export function judgeOnly(tally: Tally, fits: (outcome: Outcome) => boolean, asked: number): OnlyVerdict {
  const others = Math.max(asked, total(tally)) - countWhere(tally, fits);
  return { pass: asked > 0 && others === 0, requests: asked, others };
}
