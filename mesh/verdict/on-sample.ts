import type { Tally } from '../judge/outcome.ts';
import { excuseFor, type Reason, reasonFor, suspectInWords, UNSUSPECTED } from '../judge/reasons.ts';
import { tallyInWords } from '../judge/words.ts';
import type { Verdict } from './judge.ts';
import type { Asking } from './parts.ts';

export interface Finding {
  readonly pass: boolean;
  /** What did not hold, in one line, where no cause can be named. */
  readonly claim: string;
  readonly expected: string;
  /** The versions that were expected to answer. */
  readonly versions?: readonly string[];
  readonly details?: readonly string[];
  /** The answers that may name the cause: those that are not as claimed. */
  readonly surprising: Tally;
  /** Whether something is amiss that those do not explain: then nothing that explains them excuses the mesh. */
  readonly alsoAmiss?: boolean;
  /** The cause, where the sample itself shows it. */
  readonly cause?: Reason;
}

/** The verdict on a sample. A red one starts with its cause and whom to suspect, read from the answers and the state behind them. */
export function onSample(asking: Asking, finding: Finding): Verdict {
  const { expected, versions = [], surprising, alsoAmiss = false } = finding;
  const { asked, unsent = 0, seconds } = asking;
  // Fewer than were ordered hold no claim, however well they went.
  const pass = finding.pass && unsent === 0;
  if (pass) return { pass, expected, message: `${asking.question}: ${expected}` };
  const { circumstances } = asking;
  const excuse = alsoAmiss || circumstances === undefined ? undefined : excuseFor(surprising, circumstances.service);
  const told = circumstances === undefined ? undefined : reasonFor(surprising, circumstances, versions);
  const reason = finding.cause ?? excuse ?? told;
  const slow = `${asked} of ${asked + unsent} requests took ${seconds.toFixed(1)} s, and the others were not sent`;
  const shown = finding.pass ? { ...finding, claim: slow } : finding;
  return { pass, expected, message: redText(asking, shown, reason) };
}

function redText(
  { question, asked, unsent = 0, seconds, tally, inForce }: Asking,
  { claim, expected, details = [] }: Finding,
  reason: Reason | undefined,
): string {
  return [
    reason === undefined
      ? `${question}: ${claim} ${UNSUSPECTED}`
      : `${question}: ${reason.text} ${suspectInWords(reason.suspect)}`,
    ...(reason === undefined ? [] : [`  so that: ${claim}`]),
    `  expected: ${expected}`,
    `  seen: ${tallyInWords(tally)}`,
    ...details.map((detail) => `  ${detail}`),
    `  asked once: ${asked} requests in ${seconds.toFixed(1)} s${unsentInWords(unsent)}`,
    inForceInWords(inForce),
  ].join('\n');
}

function unsentInWords(unsent: number): string {
  return unsent === 0
    ? ''
    : `; ${unsent} more were not sent, since too many had no answer in time, or all took too long`;
}

export function inForceInWords(rules: readonly string[]): string {
  return `  rules in force: ${rules.length === 0 ? 'none' : rules.join(', ')}`;
}
