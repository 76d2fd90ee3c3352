import { markdownRow } from '../markdown.ts';
import { isUnjudged } from '../verdict/unjudged.ts';
import type { Mutant } from './mutant.ts';

/**
 * killed: red, for the right reason. survived: green. mistaken: red for another reason than the one that was built in.
 * skipped: its test does not run here, and says why. unjudged: the harness could not do its work, so that nothing is known.
 */
export type Fate = 'killed' | 'survived' | 'mistaken' | 'skipped' | 'unjudged';

/** How the test of a mutant ended. */
export interface Ending {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** First line of the verdict, without colours, or why it was skipped; empty where it passed. */
  readonly line: string;
}

export interface Outcome {
  readonly mutant: Mutant;
  readonly fate: Fate;
  readonly line: string;
}

/** What became of a mutant. One that no test was run for is not judged. */
export function outcomeOf(mutant: Mutant, ending: Ending | undefined): Outcome {
  const line = ending?.line ?? 'no test was run for it';
  return { mutant, fate: fateOf(mutant, ending), line };
}

function fateOf({ red }: Mutant, ending: Ending | undefined): Fate {
  // One that is skipped without a reason stood behind something that failed.
  if (ending?.status === 'skipped' && ending.line !== '') return 'skipped';
  if (ending === undefined || ending.status === 'skipped' || ending.line.startsWith('HarnessError:')) return 'unjudged';
  if (ending.status === 'passed') return 'survived';
  // What is broken may well be what a verdict calls the environment: pods that are gone.
  if (new RegExp(red).test(ending.line)) return 'killed';
  return isUnjudged(ending.line) ? 'unjudged' : 'mistaken';
}

/** A table scenario, mutant, fate, first line, as Markdown; below it the score of each scenario, and in the last line of all. */
export function renderOutcomes(outcomes: readonly Outcome[]): string {
  const sorted = outcomes.toSorted((a, b) => key(a).localeCompare(key(b)));
  const cells = sorted.map(({ mutant: { scenario, id, says }, fate, line }) => [scenario, id, says, fate, line]);
  const rows = [
    ['scenario', 'mutant', 'what is wrong', 'fate', 'first line'],
    ['---', '---', '---', '---', '---'],
    ...cells,
  ];
  const table = rows.map(markdownRow).join('\n');
  const byScenario = [...Map.groupBy(sorted, ({ mutant }) => mutant.scenario)].map(
    ([scenario, own]) => `${scenario} ${killedOf(own)}`,
  );
  return `${table}\n\n${byScenario.join(', ')}\n\n${score(outcomes)}\n`;
}

/** `38 of 40 mutants killed, 1 survived, 1 mistaken` */
export function score(outcomes: readonly Outcome[]): string {
  const count = (fate: Fate) => outcomes.filter((outcome) => outcome.fate === fate).length;
  const others = (['survived', 'mistaken', 'skipped', 'unjudged'] as const).filter((fate) => count(fate) > 0);
  return [`${killedOf(outcomes)} mutants killed`, ...others.map((fate) => `${count(fate)} ${fate}`)].join(', ');
}

/** `3 of 4` */
function killedOf(outcomes: readonly Outcome[]): string {
  return `${outcomes.filter(({ fate }) => fate === 'killed').length} of ${outcomes.length}`;
}

function key({ mutant: { scenario, id } }: Outcome): string {
  return `${scenario} ${id}`;
}
