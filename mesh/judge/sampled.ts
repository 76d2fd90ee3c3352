import { bounds, type Bounds } from './binomial.ts';

export interface SampledVerdict extends Bounds {
  readonly pass: boolean;
}

/** So many per cent of the requests left a trace: all or none of them where that is the claim, else as many as can be believed. */
export function judgeSampled(traces: number, requests: number, share: number): SampledVerdict {
  const exact = (share / 100) * requests;
  const whole = share === 0 || share === 100;
  const believable = whole ? { atLeast: exact, atMost: exact } : bounds(share / 100, requests);
  return { ...believable, pass: requests > 0 && traces >= believable.atLeast && traces <= believable.atMost };
}
