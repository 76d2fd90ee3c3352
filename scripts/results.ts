import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { Ending } from '../mesh/mutants/outcome.ts';
import { isUnjudged } from '../mesh/verdict/unjudged.ts';
import type { Red } from './summary.ts';

const message = z.object({ message: z.string().default('') });

/** Bodies are in base64. */
const attachment = z.object({ name: z.string(), body: z.string().optional() });
const annotation = z.object({ type: z.string(), description: z.string().default('') });
const test = z.object({
  projectName: z.string().default(''),
  status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
  annotations: z.array(annotation).default([]),
  results: z.array(z.object({ errors: z.array(message).default([]), attachments: z.array(attachment).default([]) })),
});
const spec = z.object({
  title: z.string().default(''),
  file: z.string().default(''),
  line: z.number().default(0),
  tags: z.array(z.string()).default([]),
  tests: z.array(test),
});

type Test = z.infer<typeof test>;

type Spec = z.infer<typeof spec>;

interface Suite {
  readonly specs: readonly Spec[];
  readonly suites: readonly Suite[];
}

const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    specs: z.array(spec).default([]),
    suites: z.array(suite).default([]),
  }),
);

/** What Playwright's JSON report says of a run, as far as it is needed to know how the run ended. */
const report = z.object({
  suites: z.array(suite).default([]),
  /** What went wrong outside of any test: in the global setup, or while the files were read. */
  errors: z.array(message).default([]),
  stats: z.object({ duration: z.number() }).default({ duration: 0 }),
});

/** What a test attached of its figures, as far as it is added up here. */
const asked = z.object({ samples: z.array(z.object({ asked: z.number() })) });
const FIGURES = 'figures.json';
const scenario = /^@?[A-Z]\d\d$/;

export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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
  const { suites, errors } = report.parse(json);
  const tests = suites.flatMap(specsIn).flatMap(({ tests: of }) => of);
  const outside = errors.map((error) => stripVTControlCharacters(error.message));
  const failed = tests.filter(({ status }) => status === 'unexpected' || status === 'flaky');
  return {
    passed: tests.filter(({ status }) => status === 'expected').length,
    failed: failed.length,
    skipped: tests.filter(({ status }) => status === 'skipped').length,
    notJudged: failed.filter(({ results }) => isUnjudged(firstLine(results))).length,
    outside,
    outsideNotJudged: outside.filter(isUnjudged).length,
  };
}

/** How each project's tests ended, of which a mutant has one: the first that did not pass, else the first. */
export async function readEndings(path: string): Promise<ReadonlyMap<string, Ending>> {
  return endingsIn(JSON.parse(await readFile(path, 'utf8')));
}

export function endingsIn(json: unknown): ReadonlyMap<string, Ending> {
  const endings = new Map<string, Ending>();
  const tests = report
    .parse(json)
    .suites.flatMap(specsIn)
    .flatMap(({ tests: of }) => of);
  for (const { projectName, status, results, annotations } of tests) {
    const line = status === 'skipped' ? reasonIn(annotations) : firstLine(results);
    const ended = ({ expected: 'passed', skipped: 'skipped', unexpected: 'failed', flaky: 'failed' } as const)[status];
    if ((endings.get(projectName)?.status ?? 'passed') === 'passed') endings.set(projectName, { status: ended, line });
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
  const { suites, errors, stats } = report.parse(json);
  const all = suites.flatMap(specsIn).flatMap((of) => of.tests.map((one) => ({ ...one, spec: of })));
  const failed = all.filter(({ status }) => status === 'unexpected' || status === 'flaky');
  const attached = all.flatMap(({ results }) => results.at(-1)?.attachments ?? []);
  const samples = attached
    .filter(({ name }) => name === FIGURES)
    .flatMap(({ body = '' }) => asked.parse(JSON.parse(Buffer.from(body, 'base64').toString('utf8'))).samples);
  return {
    seconds: stats.duration / 1000,
    requests: samples.reduce((sum, sample) => sum + sample.asked, 0),
    red: [
      ...errors.map((error) => ({ test: 'the run as a whole', line: lineOf(error.message) })),
      ...failed.map(({ results, spec: { tags, title } }) => ({
        test: [...tags.filter((tag) => scenario.test(tag)).map((tag) => tag.replace('@', '')), title].join(' '),
        line: firstLine(results),
      })),
    ],
  };
}

/** A test of a run, or of a list of tests that nobody ran. */
export interface Listed {
  readonly title: string;
  /** From the project's folder on: `suites/retries/retries.spec.ts`. */
  readonly file: string;
  readonly line: number;
  readonly tags: readonly string[];
  /** `passed`, `failed`, or `skipped: REASON`. */
  readonly verdict: string;
}

export function listedIn(json: unknown): readonly Listed[] {
  return report
    .parse(json)
    .suites.flatMap(specsIn)
    .map(({ title, file, line, tags, tests }) => ({
      title,
      file: `suites/${file}`,
      line,
      tags: tags.map((tag) => tag.replace(/^@/, '')),
      verdict: verdictOf(tests),
    }));
}

function verdictOf(tests: readonly Test[]): string {
  if (tests.some(({ status }) => status === 'unexpected' || status === 'flaky')) return 'failed';
  const skipped = tests.find(({ status }) => status === 'skipped');
  const reason = reasonIn(skipped?.annotations ?? []);
  return skipped === undefined ? 'passed' : `skipped${reason === '' ? '' : `: ${reason}`}`;
}

function reasonIn(annotations: Test['annotations']): string {
  return annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? '';
}

function specsIn({ specs, suites }: Suite): readonly Spec[] {
  return [...specs, ...suites.flatMap(specsIn)];
}

function firstLine(results: Test['results']): string {
  return lineOf(results.at(-1)?.errors[0]?.message ?? '');
}

function lineOf(text: string): string {
  const [first = ''] = stripVTControlCharacters(text).split('\n');
  return first;
}
