import type { Verdict } from '../mesh/reached.ts';
import { isUnjudged } from '../mesh/verdict/unjudged.ts';
import { noteOf, parseReport, type Spec, type Test, verdictOf } from './playwright-report.ts';

/** A test of a run, or of a list of tests that nobody ran; all its repetitions are one. */
export interface Listed {
  readonly title: string;
  /** From the project's folder on: `suites/retries/retries.spec.ts`. */
  readonly file: string;
  readonly line: number;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
  /** First line of the failure, or why it was skipped; empty where neither was said. */
  readonly note: string;
}

export function listedIn(json: unknown): readonly Listed[] {
  const repeated = Map.groupBy(parseReport(json).specs, nameOf);
  return [...repeated.values()].flatMap((all) => all.slice(0, 1).map((first) => listed(first, all)));
}

/** By which a test is known again in another run: its line moves. */
export function nameOf({ file, title }: Pick<Listed, 'file' | 'title'>): string {
  return `${file} ${title}`;
}

function listed({ title, file, line, tags }: Spec, all: readonly Spec[]): Listed {
  return {
    title,
    file: `suites/${file}`,
    line,
    tags: tags.map((tag) => tag.replace(/^@/, '')),
    ...worstOf(all.flatMap(({ tests }) => tests)),
  };
}

type Ending = Pick<Listed, 'verdict' | 'note'>;

/** The worst first: one that was red once is red, and passed is only what passed each time. */
const inTurn: readonly Verdict[] = ['failed', 'not reached', 'skipped', 'passed'];

function worstOf(tests: readonly Test[]): Ending {
  const ended = tests.map((one) => ({ verdict: verdictOf(one), note: noteOf(one) }));
  const [worst] = ended.toSorted((a, b) => rank(a) - rank(b));
  return worst ?? { verdict: 'not reached', note: '' };
}

/** A failure that is no verdict comes after those that are: it must not stand for a test that was red another time. */
function rank(ending: Ending): number {
  return inTurn.indexOf(ending.verdict) + (isNoVerdict(ending) ? 0.5 : 0);
}

/** A failure that says of itself that nothing was judged of the mesh. */
export function isNoVerdict({ verdict, note }: Ending): boolean {
  return verdict === 'failed' && isUnjudged(note);
}
