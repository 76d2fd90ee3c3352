import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { firstLine } from '../mesh/errors.ts';
import { skippedOrNot, type Verdict } from '../mesh/reached.ts';

const message = z.object({ message: z.string().default('') });

/** Bodies are in base64. */
const attachment = z.object({ name: z.string(), body: z.string().optional() });
const annotation = z.object({ type: z.string(), description: z.string().default('') });
const result = z.object({
  status: z.string().default(''),
  errors: z.array(message).default([]),
  attachments: z.array(attachment).default([]),
});
const test = z.object({
  projectName: z.string().default(''),
  expectedStatus: z.string().default('passed'),
  status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
  annotations: z.array(annotation).default([]),
  results: z.array(result),
});
const spec = z.object({
  title: z.string().default(''),
  file: z.string().default(''),
  line: z.number().default(0),
  tags: z.array(z.string()).default([]),
  tests: z.array(test),
});

export type Test = z.infer<typeof test>;

export type Spec = z.infer<typeof spec>;

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

const schema = z.object({
  suites: z.array(suite).default([]),
  errors: z.array(message).default([]),
  stats: z.object({ duration: z.number() }).default({ duration: 0 }),
});

/** Playwright's word, among the errors, for having done what --max-failures asked of it. The tests that it left out are counted by themselves. */
const AS_ASKED = /^Testing stopped early after \d+ maximum allowed failures/;

/** What Playwright's JSON report says of a run, as far as it is needed to know how the run ended. */
export interface Report {
  readonly specs: readonly Spec[];
  /** Messages, without colours, of what went wrong outside of any test: in the global setup, or while the files were read. */
  readonly errors: readonly string[];
  readonly seconds: number;
}

/** @throws z.ZodError where it is no report of Playwright's */
export function parseReport(json: unknown): Report {
  const { suites, errors, stats } = schema.parse(json);
  const messages = errors.map((error) => stripVTControlCharacters(error.message));
  return {
    specs: suites.flatMap(specsIn),
    errors: messages.filter((text) => !AS_ASKED.test(text)),
    seconds: stats.duration / 1000,
  };
}

export function verdictOf(of: Test): Verdict {
  if (of.status === 'skipped') return skippedOrNot(of);
  return of.status === 'expected' ? 'passed' : 'failed';
}

/** First line of the failure, or why it was skipped; empty where neither was said. */
export function noteOf(of: Test): string {
  return verdictOf(of) === 'failed' ? failureIn(of) : reasonIn(of);
}

function failureIn({ results }: Test): string {
  return stripVTControlCharacters(firstLine(results.at(-1)?.errors[0]?.message ?? ''));
}

function reasonIn({ annotations }: Test): string {
  return annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? '';
}

/** What a test is called where there is no room for its file: `T05 half and half`. */
export function titleOf({ tags, title }: { readonly tags: readonly string[]; readonly title: string }): string {
  const ids = tags.map((tag) => tag.replace(/^@/, '')).filter((tag) => /^[A-Z]\d\d$/.test(tag));
  return [...ids, title].join(' ');
}

function specsIn({ specs, suites }: Suite): readonly Spec[] {
  return [...specs, ...suites.flatMap(specsIn)];
}
