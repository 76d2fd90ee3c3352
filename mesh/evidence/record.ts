import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { firstLine } from '../errors.ts';
import type { Taken } from '../verdict/take.ts';

/** Folder of the report for the evidence, and nothing else. */
export const EVIDENCE = 'evidence';
/** Digests of all its files, in the form that `sha256sum -c` reads. */
export const DIGESTS = 'SHA256SUMS';
/** What the run was about: its versions. */
export const RUN_FILE = 'run.json';
/** Written last: how many files there are, and the digest of their digests. */
export const END_FILE = 'end.json';

/** The form of a file. Another form, of it or of any judge's input, has another number; a field more that may be missing is none. */
export const SCHEMA = 1;

const chances = z.object({
  falseAlarm: z.number(),
  misses: z.array(z.object({ off: z.string(), chance: z.number() })).readonly(),
});

export const recordSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  judge: z.string(),
  scenarios: z.array(z.string()).readonly(),
  /** The test that claimed it. */
  test: z.string(),
  /** What was wrong on purpose. */
  mutant: z.string().exactOptional(),
  /** The first line is what a replay must come to as well. */
  verdict: z.strictObject({ pass: z.boolean(), line: z.string() }),
  chances: chances.exactOptional(),
  input: z.unknown(),
});
export type VerdictRecord = z.infer<typeof recordSchema>;

/** Whose verdict it is, and where it is kept. */
export interface Occasion {
  /** The folder `evidence` of the report. */
  readonly folder: string;
  /** Folder of the test in there. */
  readonly name: string;
  readonly scenarios: readonly string[];
  readonly test: string;
  readonly mutant?: string;
}

/** Keeps what a verdict was taken from: one file for each, numbered in the order of the test. */
export function record({ judge, input, verdict, chances: sure }: Taken, occasion: Occasion): void {
  const { folder, name, scenarios, test, mutant } = occasion;
  const there = join(folder, name);
  const number = existsSync(there) ? readdirSync(there).length + 1 : 1;
  const kept: VerdictRecord = {
    schema: SCHEMA,
    judge,
    scenarios,
    test,
    ...(mutant === undefined ? {} : { mutant }),
    verdict: { pass: verdict.pass, line: firstLine(verdict.message) },
    ...(sure === undefined ? {} : { chances: sure }),
    input,
  };
  write(folder, `${name}/${String(number).padStart(2, '0')}-${judge}.json`, kept);
}

/** What all verdicts of a run have in common. */
export const runSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  run: z.string(),
  istio: z.string(),
  kubernetes: z.string(),
  provider: z.string(),
  upstreamEnvoy: z.boolean(),
  node: z.string(),
});

/** Begins a run's evidence: that of an earlier one must not be taken for it. */
export function beginEvidence(folder: string, about: Omit<z.infer<typeof runSchema>, 'schema'>): void {
  rmSync(folder, { recursive: true, force: true });
  write(folder, RUN_FILE, { schema: SCHEMA, ...about });
}

export const endSchema = z.strictObject({ schema: z.literal(SCHEMA), files: z.number(), digest: z.string() });

/** Ends a run's evidence: from now on a file that is taken away is missed, together with its digest or without. */
export function endEvidence(folder: string): void {
  writeFileSync(join(folder, END_FILE), endOf(readFileSync(join(folder, DIGESTS), 'utf8')), { flag: 'wx' });
}

/** What a run with these digests ends with, to the byte: no other digest vouches for it. */
export function endOf(digests: string): string {
  const end: z.infer<typeof endSchema> = {
    schema: SCHEMA,
    files: digests.split('\n').length - 1,
    digest: digestOf(digests),
  };
  return `${JSON.stringify(end, undefined, 1)}\n`;
}

/** The digest is kept with the file, so that a run that was killed can be replayed as far as it came. */
function write(folder: string, path: string, content: object): void {
  const text = `${JSON.stringify(content, undefined, 1)}\n`;
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
  // One short write at the end of a file: those of several workers do not mix.
  appendFileSync(join(folder, DIGESTS), `${digestOf(text)}  ${path}\n`);
}

export function digestOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
