import { countWhere, type Outcome, served, type Tally, total } from './outcome.ts';

/** What three parties counted of the same requests. */
export interface Books {
  readonly sent: number;
  /** By the caller. */
  readonly tally: Tally;
  /** By the caller's proxy: requests that it turned away because a limit was reached. */
  readonly overflows: number;
  /** By the back end: requests that it served. */
  readonly served: number;
}

/** How many are turned away: a number where that can be known, else whether any are. */
export type Refusals = 'none' | 'some' | number;

export interface BreakerVerdict {
  readonly pass: boolean;
  /** Turned away, as the caller was told. */
  readonly refused: number;
  /** Answered by the version, as the caller was told. */
  readonly answered: number;
  /** Neither the one nor the other. */
  readonly others: Tally;
  readonly asClaimed: boolean;
}

export function isOverflow(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status === 503 && outcome.detail.includes('reset reason: overflow');
}

/** Every request was either served or turned away, the three parties agree on the numbers, and those are the claimed ones. */
export function judgeBreaker(books: Books, version: string, claimed: Refusals): BreakerVerdict {
  const { sent, tally, overflows, served: arrived } = books;
  const refused = countWhere(tally, isOverflow);
  const answered = countWhere(tally, (outcome) => served(outcome, version));
  const others = tally.filter(({ outcome }) => !isOverflow(outcome) && !served(outcome, version));
  const asClaimed = claimed === 'some' ? refused > 0 : refused === (claimed === 'none' ? 0 : claimed);
  const whole = sent > 0 && total(tally) === sent && others.length === 0 && answered > 0;
  return {
    pass: whole && asClaimed && refused === overflows && answered === arrived,
    refused,
    answered,
    others,
    asClaimed,
  };
}

/** What a proxy may hold of one cluster at any moment, and how much it may send over one connection. */
export interface Limit {
  readonly connections: number;
  readonly waiting: number;
  readonly requestsEach: number;
}

/** What it held at the moment of one look. */
export type Crowd = Pick<Limit, 'connections' | 'waiting'>;

/** In what the proxy went beyond its limit, by looks at it (one at least) while it was under load; '' where in nothing. */
export function excess(
  looks: readonly Crowd[],
  { opened, served: arrived }: { readonly opened: number; readonly served: number },
  { connections, waiting, requestsEach }: Limit,
): string {
  const most = (what: keyof Crowd) => Math.max(...looks.map((look) => look[what]));
  if (most('connections') > connections)
    return `the proxy held ${most('connections')} connections at a time, and not ${connections} at most`;
  if (most('waiting') > waiting)
    return `${most('waiting')} requests waited at a time in the proxy, and not ${waiting} at most`;
  if (opened * requestsEach < arrived)
    return `the proxy sent ${arrived} requests over ${opened} connections, and not ${requestsEach} over each at most`;
  return '';
}
