import { countWhere, type Outcome, type Tally, total } from './outcome.ts';

/** How a proxy keeps somebody from leaving: with an answer where it reads the requests, else by closing the connection. */
export type Barrier = 502 | 'closed';

/** Envoy's own 502 has no body; a server's would be passed on with one. */
export function isBarrier(outcome: Outcome, barrier: Barrier): boolean {
  if (barrier === 502) return outcome.kind === 'answered' && outcome.status === 502 && outcome.detail === '';
  return outcome.kind === 'refused' && (outcome.reason === 'closed' || outcome.reason === 'reset');
}

/** Why nobody got out, where every answer looks as if the caller's proxy had refused it; '' elsewhere. */
export function barrierInWords(tally: Tally): string {
  const all = (barrier: Barrier) =>
    tally.length > 0 && countWhere(tally, (one) => isBarrier(one, barrier)) === total(tally);
  if (all(502))
    return ": the caller's proxy answers 502, as REGISTRY_ONLY has it do for a host that is not in the registry";
  if (all('closed'))
    return ': each connection was closed, as by REGISTRY_ONLY for a name or port that is not in the registry';
  return '';
}
