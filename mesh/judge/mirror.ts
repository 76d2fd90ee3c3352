import { bounds, type Bounds } from './binomial.ts';
import { type SeenIds, strangersIn } from './seen.ts';

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
export function judgeMirror(ids: readonly string[], copies: SeenIds, share: number): MirrorVerdict {
  const whole = share === 0 || share === 100;
  const all = (share / 100) * ids.length;
  const believable = whole ? { atLeast: all, atMost: all } : bounds(share / 100, ids.length);
  const copied = ids.filter((id) => copies.has(id)).length;
  const repeated = ids.filter((id) => (copies.get(id) ?? 0) > 1).length;
  const strangers = strangersIn(copies, ids).length;
  const within = copied >= believable.atLeast && copied <= believable.atMost;
  const pass = ids.length > 0 && within && repeated === 0 && strangers === 0;
  return { pass, copied, repeated, strangers, ...believable };
}
