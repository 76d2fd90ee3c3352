import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { firstLine } from '../mesh/errors.ts';
import type { Ending } from '../mesh/mutants/outcome.ts';
import type { Verdict } from '../mesh/reached.ts';
import { isUnjudged } from '../mesh/verdict/unjudged.ts';
import { noteOf, parseReport, titleOf, verdictOf } from './playwright-report.ts';
import type { Red } from './summary.ts';

/** What a test attached of its figures, as far as it is added up here. */
const asked = z.object({ samples: z.array(z.object({ asked: z.number() })) });
const FIGURES = 'figures.json';

/** Whose name stands before an error outside of any test. */
export const THE_RUN = 'the run as a whole';

export interface Results {
  readonly passed: number;
  readonly failed: number;
  /** Those that say why they do not run here. */
  readonly skipped: number;
  /** Those before, or in, which the run ended. */
  readonly notReached: number;
  /** Failed tests in which the harness could not do its work, so that nothing was judged of the mesh. */
  readonly notJudged: number;
  /** Messages of errors outside of any test. */
  readonly outside: readonly string[];
  /** How many of those say that the harness could not do its work. */
  readonly outsideNotJudged: number;
}

/** Reads Playwright's JSON report. */
export async function readResults(path: string): Promise<Results> {
  return summarize(JSON.parse(await readFile(path, 'utf8')));
}

export function summarize(json: unknown): Results {
  const { specs, errors } = parseReport(json);
  const tests = specs.flatMap(({ tests: of }) => of);
  const those = (verdict: Verdict) => tests.filter((one) => verdictOf(one) === verdict);
  const failed = those('failed');
  return {
    passed: those('passed').length,
    failed: failed.length,
    skipped: those('skipped').length,
    notReached: those('not reached').length,
    notJudged: failed.filter((one) => isUnjudged(noteOf(one))).length,
    outside: errors,
    outsideNotJudged: errors.filter(isUnjudged).length,
  };
}

/** How each project's tests ended, of which a mutant has one: the first that did not pass, else the first. */
export function endingsIn(json: unknown): ReadonlyMap<string, Ending> {
  const endings = new Map<string, Ending>();
  for (const test of parseReport(json).specs.flatMap(({ tests: of }) => of)) {
    const { projectName, status } = test;
    const ended = ({ expected: 'passed', skipped: 'skipped', unexpected: 'failed', flaky: 'failed' } as const)[status];
    if ((endings.get(projectName)?.status ?? 'passed') === 'passed')
      endings.set(projectName, { status: ended, line: noteOf(test) });
  }
  return endings;
}

/** What a run as a whole came to. */
export interface Whole {
  readonly seconds: number;
  /** Requests that were judged. */
  readonly requests: number;
  /** Each test that failed, and each error outside of any, by its first line. */
  readonly red: readonly Red[];
}

export async function readWhole(path: string): Promise<Whole> {
  return wholeIn(JSON.parse(await readFile(path, 'utf8')));
}

export function wholeIn(json: unknown): Whole {
  const { specs, errors, seconds } = parseReport(json);
  const all = specs.flatMap((spec) => spec.tests.map((one) => ({ spec, one })));
  const failed = all.filter(({ one }) => verdictOf(one) === 'failed');
  const attached = all.flatMap(({ one }) => one.results.at(-1)?.attachments ?? []);
  const samples = attached
    .filter(({ name }) => name === FIGURES)
    .flatMap(({ body = '' }) => asked.parse(JSON.parse(Buffer.from(body, 'base64').toString('utf8'))).samples);
  return {
    seconds,
    requests: samples.reduce((sum, sample) => sum + sample.asked, 0),
    red: [
      ...errors.map((message) => ({ test: THE_RUN, line: firstLine(message) })),
      ...failed.map(({ spec, one }) => ({ test: titleOf(spec), line: noteOf(one) })),
    ],
  };
}
