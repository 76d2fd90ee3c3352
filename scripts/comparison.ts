import { firstLine } from '../mesh/errors.ts';
import { markdownRow } from '../mesh/markdown.ts';
import type { Verdict } from '../mesh/reached.ts';
import { isUnjudged } from '../mesh/verdict/unjudged.ts';
import { isNoVerdict, listedIn, nameOf } from './listed.ts';
import { parseReport, titleOf } from './playwright-report.ts';
import { THE_RUN } from './results.ts';

/** How something ended in one of two reports. */
export interface Ended {
  readonly title: string;
  readonly verdict: Verdict;
  /** First line of the failure, or why it was skipped; empty where neither was said. */
  readonly note: string;
}

/** What one report says of a run. */
export interface Side {
  /** Failed where something went wrong outside of any test. */
  readonly run: Ended;
  /** By names that are the same in another report. */
  readonly tests: ReadonlyMap<string, Ended>;
}

/** Passed on one side and failed on the other; or one of these on one side, and on the other skipped, not reached or not there. */
export type Change = 'turned red' | 'turned green' | 'judged on one side';

export interface Difference {
  readonly title: string;
  readonly change: Change;
  /** Undefined where that report does not know it. */
  readonly before: Ended | undefined;
  readonly after: Ended | undefined;
}

export interface Comparison {
  /** Those that turned red come first. */
  readonly differences: readonly Difference[];
  /** Tests that both reports judged: without one there was nothing to compare. */
  readonly common: number;
  /** Of those, the ones that ended alike. */
  readonly alike: number;
  /** Tests of which neither report has a verdict. */
  readonly unjudged: number;
}

/** @param json Playwright's JSON report */
export function sideIn(json: unknown): Side {
  const { errors } = parseReport(json);
  const error = errors.find((one) => !isUnjudged(one)) ?? errors[0];
  const run = {
    title: THE_RUN,
    verdict: error === undefined ? 'passed' : 'failed',
    note: firstLine(error ?? ''),
  } as const;
  const tests = listedIn(json).map((one): [string, Ended] => [
    nameOf(one),
    { title: titleOf(one), verdict: one.verdict, note: one.note },
  ]);
  return { run, tests: new Map(tests) };
}

export function compare(before: Side, after: Side): Comparison {
  const names = [...new Set([...before.tests.keys(), ...after.tests.keys()])];
  const pairs = names.map((name): Pair => [before.tests.get(name), after.tests.get(name)]);
  const differences = [[before.run, after.run] as const, ...pairs].flatMap(differenceIn);
  const common = pairs.filter((pair) => pair.every(isJudged));
  return {
    differences: differences.toSorted((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title)),
    common: common.length,
    alike: common.filter((pair) => differenceIn(pair).length === 0).length,
    unjudged: pairs.filter((pair) => !pair.some(isJudged)).length,
  };
}

type Pair = readonly [before: Ended | undefined, after: Ended | undefined];

function differenceIn([before, after]: Pair): readonly Difference[] {
  const change = changeOf([before, after]);
  return change === undefined ? [] : [{ title: (after ?? before)?.title ?? '', change, before, after }];
}

function changeOf(pair: Pair): Change | undefined {
  const [before, after] = pair;
  if (!pair.some(isJudged)) return undefined;
  if (!pair.every(isJudged)) return 'judged on one side';
  if (before?.verdict === after?.verdict) return undefined;
  return after?.verdict === 'failed' ? 'turned red' : 'turned green';
}

/** A failure that says of itself that it is no verdict on the mesh is none here, too. */
export function isJudged(ended: Ended | undefined): boolean {
  return ended?.verdict === 'passed' || (ended?.verdict === 'failed' && !isNoVerdict(ended));
}

const changes: readonly Change[] = ['turned red', 'turned green', 'judged on one side'];

function rank({ change }: Difference): number {
  return changes.indexOf(change);
}

/** A row for each difference, where there is one, and the counts in the last line, as Markdown. */
export function renderComparison({ differences, alike, unjudged }: Comparison): string {
  const rows = differences.map(({ title, before, after }) => [title, inWords(before), inWords(after)]);
  const table = [['test', 'before', 'after'], ['---', '---', '---'], ...rows].map(markdownRow);
  const rest = unjudged === 0 ? '' : `, ${unjudged} ${were(unjudged)} judged on neither side`;
  const last = `${count(differences)}; ${alike} ended alike${rest}`;
  return [...(rows.length === 0 ? [] : [...table, '']), last, ''].join('\n');
}

/** `3 differ: 1 turned red, 1 turned green, 1 was not judged on one side` */
function count(differences: readonly Difference[]): string {
  const counted = changes.flatMap((change) => {
    const of = differences.filter((one) => one.change === change).length;
    const words = change === 'judged on one side' ? `${were(of)} not ${change}` : change;
    return of === 0 ? [] : [`${of} ${words}`];
  });
  return [`${differences.length} differ`, ...(counted.length === 0 ? [] : [counted.join(', ')])].join(': ');
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function inWords(ended: Ended | undefined): string {
  if (ended === undefined) return 'not in this report';
  return ended.note === '' ? ended.verdict : `${ended.verdict}: ${ended.note}`;
}
