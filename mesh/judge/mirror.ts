import { type Arrivals, arrivedWhere } from './arrivals.ts';
import { bounds, type Bounds } from './binomial.ts';

export interface MirrorVerdict extends Bounds {
  readonly pass: boolean;
  /** Requests of which a copy arrived. */
  readonly copied: number;
  /** Requests of which more than one copy arrived. */
  readonly repeated: number;
  /** Copies of what nobody sent. */
  readonly strangers: number;
}

/** So many per cent of the requests arrived at the mirror too, each once, and nothing else did. */
export function judgeMirror(copies: Arrivals, share: number): MirrorVerdict {
  const asked = arrivedWhere(copies, () => true);
  const whole = share === 0 || share === 100;
  const all = (share / 100) * asked;
  const believable = whole ? { atLeast: all, atMost: all } : bounds(share / 100, asked);
  const copied = arrivedWhere(copies, ({ times }) => times > 0);
  const repeated = arrivedWhere(copies, ({ times }) => times > 1);
  const { strangers } = copies;
  const within = copied >= believable.atLeast && copied <= believable.atMost;
  const pass = asked > 0 && within && repeated === 0 && strangers === 0;
  return { pass, copied, repeated, strangers, ...believable };
}
