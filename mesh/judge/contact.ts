import type { Outcome, Tally } from './outcome.ts';
import { outcomeInWords } from './words.ts';

const DENIED = 'RBAC: access denied';

/** What every request of a sample came to, in words; several things where they differ. A request that was lost is one of them. */
export function contactOf(tally: Tally, identity: string): string {
  const seen = new Set(tally.filter(({ count }) => count > 0).map(({ outcome }) => one(outcome, identity)));
  return seen.size === 0 ? 'nothing at all' : [...seen].toSorted().join(' and ');
}

/** The version that an answer names is the identity in the certificate that the asked one was shown. */
function one(outcome: Outcome, identity: string): string {
  if (outcome.kind === 'refused') return outcome.reason === 'reset' ? 'reset' : outcomeInWords(outcome);
  if (outcome.status === 403 && outcome.detail === DENIED) return 'denied';
  if (outcome.status !== 200) return outcomeInWords(outcome);
  if (outcome.version === '') return 'plain text';
  return outcome.version === identity ? 'mutual TLS' : `mutual TLS as ${outcome.version}`;
}
