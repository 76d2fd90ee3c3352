import type { Kind } from './kind.ts';

/** A certificate shows in a gateway only through the Gateway that names it: that one's sign waits for both. */
export const secret: Kind = {
  apiGroup: 'v1',
  kind: 'Secret',
  rank: 0,
  sections: () => [],
  involved: () => [],
  expected: () => [],
  seen: () => [],
};
