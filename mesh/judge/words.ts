import type { Outcome, Tally } from './outcome.ts';

const LONGEST_DETAIL = 60;
const refusalWords = {
  'no-listener': 'refused: nothing listens there',
  reset: 'connection reset',
  closed: 'connection closed without an answer',
  timeout: 'no answer in time',
  dns: 'name not found',
  tls: 'TLS handshake failed',
  unreachable: 'network unreachable',
  other: 'no answer',
} as const;

/** One outcome in the words of a reader: `200 from v3`, `503 "no healthy upstream"`, `connection reset`. */
export function outcomeInWords(outcome: Outcome): string {
  if (outcome.kind === 'refused') {
    const words = refusalWords[outcome.reason];
    return outcome.reason === 'other' && outcome.detail !== '' ? `${words} (${short(outcome.detail)})` : words;
  }
  if (outcome.version !== '') return `${outcome.status} from ${outcome.version}`;
  return outcome.detail === '' ? `${outcome.status} without a version` : `${outcome.status} "${short(outcome.detail)}"`;
}

/** Most frequent first: `412 x 200 from v1, 31 x 503 "no healthy upstream"`. */
export function tallyInWords(tally: Tally): string {
  if (tally.length === 0) return 'nothing at all';
  const counts = new Map<string, number>();
  for (const { outcome, count } of tally) {
    const words = outcomeInWords(outcome);
    counts.set(words, (counts.get(words) ?? 0) + count);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([words, count]) => `${count} x ${words}`)
    .join(', ');
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_DETAIL ? `${line.slice(0, LONGEST_DETAIL - 3)}...` : line;
}

/** Every answer that came, without how often: `200`, `401 Jwt is expired`. */
export function answersInWords(tally: Tally): string {
  const answers = tally.map(({ outcome }) =>
    outcome.kind === 'refused' ? outcomeInWords(outcome) : `${outcome.status} ${outcome.detail}`.trim(),
  );
  return answers.length === 0 ? 'nothing at all' : [...new Set(answers)].toSorted().join(' and ');
}
