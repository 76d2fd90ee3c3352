import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine, HarnessError, messageOf } from '../errors.ts';
import { isJudge } from '../verdict/registry.ts';
import { takeKept } from '../verdict/take.ts';
import {
  DIGESTS,
  digestOf,
  END_FILE,
  endOf,
  endSchema,
  EVIDENCE,
  recordSchema,
  RUN_FILE,
  SCHEMA,
  type VerdictRecord,
} from './record.ts';

/** What became of a verdict that was taken again; all but the first are red. incomplete: of the run as a whole, which did not come to its end. */
export type Fate = 'agrees' | 'disagrees' | 'changed' | 'missing' | 'not listed' | 'unreadable' | 'incomplete';

export interface Replayed {
  readonly file: string;
  readonly fate: Fate;
  /** What speaks against it, in words. */
  readonly why: string;
  /** Undefined where it could not be read. */
  readonly record?: VerdictRecord;
}

/**
 * The evidence of a report, or a folder that is evidence itself.
 *
 * @throws HarnessError NO_EVIDENCE where there is none
 */
export function findEvidence(folder: string): string {
  const found = [join(folder, EVIDENCE), folder].find((one) => existsSync(join(one, DIGESTS)));
  if (found !== undefined) return found;
  const seen = !existsSync(folder)
    ? 'no such folder'
    : statSync(folder).isDirectory()
      ? `no ${DIGESTS} in it`
      : 'it is a file';
  throw new HarnessError({
    code: 'NO_EVIDENCE',
    blame: 'usage',
    doing: `Looking for evidence in ${folder}`,
    expected: `the report of a run of the suites, with its folder ${EVIDENCE}`,
    seen,
    next: 'name the folder that --report named for that run',
  });
}

/** The records as they stand in the files, of a run that has just ended; nothing where it took no verdict. */
export function recordsIn(evidence: string): readonly VerdictRecord[] {
  if (!existsSync(join(evidence, DIGESTS))) return [];
  const files = [...digestsIn(readFileSync(join(evidence, DIGESTS), 'utf8')).keys()].filter(
    (file) => file !== RUN_FILE,
  );
  return files.map((file) => recordSchema.parse(JSON.parse(readFileSync(join(evidence, file), 'utf8'))));
}

/** Takes every verdict again, from the files alone. */
export function replay(evidence: string): readonly Replayed[] {
  const digests = readFileSync(join(evidence, DIGESTS), 'utf8');
  const listed = digestsIn(digests);
  const there = readdirSync(evidence, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json'));
  const strangers = there
    .filter((file) => file !== END_FILE && !listed.has(file))
    .map((file): Replayed => ({ file, fate: 'not listed', why: `${DIGESTS} does not know it` }));
  const again = [...listed].flatMap(([file, digest]) => agreed(evidence, file, digest));
  return [...again, ...strangers, ...asAWhole(evidence, digests, listed)];
}

/** What the run said of itself first, and what it said of all its files last. */
function asAWhole(evidence: string, digests: string, listed: ReadonlyMap<string, string>): readonly Replayed[] {
  const unnamed: readonly Replayed[] = listed.has(RUN_FILE)
    ? []
    : [{ file: RUN_FILE, fate: 'missing', why: `${DIGESTS} does not name it` }];
  const path = join(evidence, END_FILE);
  if (!existsSync(path)) {
    const why = 'the run did not come to its end, so that verdicts may be missing';
    return [...unnamed, { file: END_FILE, fate: 'incomplete', why }];
  }
  return [...unnamed, ...wrongWithEnd(path, digests, listed.size)];
}

/** Either it was changed since it was written, or what it was written of. */
function wrongWithEnd(path: string, digests: string, lines: number): readonly Replayed[] {
  try {
    const content = readFileSync(path, 'utf8');
    if (content === endOf(digests)) return [];
    const end = endSchema.safeParse(JSON.parse(content));
    if (!end.success) return [unreadable(END_FILE, 'it is of another form')];
    const { files, digest } = end.data;
    if (digest === digestOf(digests))
      return [{ file: END_FILE, fate: 'changed', why: `its bytes are not those that ${DIGESTS} asks for` }];
    const why =
      lines === files
        ? 'its bytes are not those of the end'
        : `it has ${lines} lines, and at the end of the run there were ${files}`;
    return [{ file: DIGESTS, fate: 'changed', why }];
  } catch (error) {
    return [unreadable(END_FILE, inOneLine(error))];
  }
}

function digestsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

function agreed(evidence: string, file: string, digest: string): readonly Replayed[] {
  const path = join(evidence, file);
  if (!existsSync(path)) return [{ file, fate: 'missing', why: `${DIGESTS} names it, and it is not there` }];
  const content = readFileSync(path);
  if (digestOf(content) !== digest) return [{ file, fate: 'changed', why: `its bytes are not those of ${DIGESTS}` }];
  return file === RUN_FILE ? [] : [judgedAgain(file, content.toString('utf8'))];
}

function judgedAgain(file: string, content: string): Replayed {
  try {
    const json = JSON.parse(content) as { readonly schema?: unknown };
    if (json.schema !== SCHEMA)
      return unreadable(file, `schema ${String(json.schema)} is not known here, only ${SCHEMA}`);
    const record = recordSchema.parse(json);
    if (!isJudge(record.judge)) return unreadable(file, `nobody judges ${record.judge} here`);
    const { verdict, chances } = takeKept(record.judge, record.input);
    const now = { pass: verdict.pass, line: firstLine(verdict.message) };
    if (now.pass !== record.verdict.pass || now.line !== record.verdict.line)
      return { file, fate: 'disagrees', why: `then ${inWords(record.verdict)}; now ${inWords(now)}`, record };
    if (record.chances !== undefined && !alike(record.chances, chances))
      return { file, fate: 'disagrees', why: 'its chances of a false alarm and a miss come out otherwise now', record };
    return { file, fate: 'agrees', why: '', record };
  } catch (error) {
    return unreadable(file, inOneLine(error));
  }
}

/** The same sums, added up in another order, may differ in their last digits. */
function alike(kept: unknown, now: unknown): boolean {
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? value.toPrecision(9) : value);
  return JSON.stringify(kept, rounded) === JSON.stringify(now, rounded);
}

function unreadable(file: string, why: string): Replayed {
  return { file, fate: 'unreadable', why };
}

function inOneLine(error: unknown): string {
  return messageOf(error).replaceAll(/\s+/g, ' ');
}

function inWords({ pass, line }: VerdictRecord['verdict']): string {
  return `${pass ? 'green' : 'red'} "${line}"`;
}
