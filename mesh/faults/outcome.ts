import { markdownRow } from '../markdown.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Fault } from './fault.ts';

/** How a run ended into which a fault was injected. */
export interface Ending {
  readonly exitCode: number;
  readonly passed: number;
  readonly failed: number;
  readonly requests: number;
  /** What the run said, the first line of each failure. */
  readonly lines: readonly string[];
  /** Whether the fault came while a rule of the run was in force. */
  readonly struck: boolean;
}

/**
 * environment: told as that, with what was seen. measured: green, and truly measured in spite of it. regression: the mesh was blamed.
 * unsaid: told as a matter of the environment, but not as this one. empty: green, and nothing was measured. missed: it could not be injected, or the run was over before.
 */
export type Verdict = 'environment' | 'measured' | 'regression' | 'unsaid' | 'empty' | 'missed';

const right: ReadonlySet<Verdict> = new Set(['environment', 'measured']);

export interface Outcome {
  readonly fault: Fault;
  readonly verdict: Verdict;
  readonly ending: Ending;
}

export function outcomeOf(fault: Fault, ending: Ending): Outcome {
  return { fault, ending, verdict: verdictOf(fault, ending) };
}

export function isRight({ verdict }: Outcome): boolean {
  return right.has(verdict);
}

function verdictOf({ seen }: Fault, { exitCode, passed, requests, lines, struck }: Ending): Verdict {
  if (!struck) return 'missed';
  if (exitCode === exitCodes.passed) return passed > 0 && requests > 0 ? 'measured' : 'empty';
  if (exitCode !== exitCodes.environment) return 'regression';
  return lines.some((line) => seen.test(line)) ? 'environment' : 'unsaid';
}

/** A table fault, verdicts, one of the lines, as Markdown, with the score in its last line. */
export function renderFaults(outcomes: readonly Outcome[]): string {
  const rows = [...Map.groupBy(outcomes, ({ fault }) => fault)].map(([{ id, says }, all]) => {
    const verdicts = [...Map.groupBy(all, ({ verdict }) => verdict)].map(([verdict, of]) => `${of.length} ${verdict}`);
    const telling = all.find((outcome) => !isRight(outcome)) ?? all.find(({ ending }) => ending.lines.length > 0);
    const line = telling?.ending.lines.find((text) => telling.fault.seen.test(text)) ?? telling?.ending.lines[0] ?? '';
    return [id, says, `${all.length}`, verdicts.join(', '), line];
  });
  const head = [
    ['fault', 'what happens', 'times', 'verdicts', 'what was said'],
    ['---', '---', '---:', '---', '---'],
  ];
  const table = [...head, ...rows].map(markdownRow).join('\n');
  return `${table}\n\n${outcomes.filter(isRight).length} of ${outcomes.length} faults told right\n`;
}
