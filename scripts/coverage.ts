import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { interruption } from '../mesh/interruption.ts';
import { markdownRow } from '../mesh/markdown.ts';
import { projectRoot } from '../mesh/paths.ts';
import { writeWhole } from '../mesh/write-whole.ts';
import { type Claim, readClaims } from './coverage-rows.ts';
import { lastOf, remember } from './coverage-memory.ts';
import { type Listed, listedIn } from './listed.ts';

/** A test, with the rules that lie beside it. */
export interface Covering extends Pick<Listed, 'title' | 'file' | 'line' | 'tags'> {
  readonly rules: readonly string[];
  /** How it ended the last time it was run, in words. */
  readonly last: string;
}

const memory = z.record(z.string(), z.string());
const playwright = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');

/** Writes `coverage.md` into the report: every claim with its tests, also those that this run did not choose. */
export async function writeCoverage(report: string): Promise<void> {
  const results = join(report, 'results.json');
  if (!existsSync(results)) return;
  const [claims, all] = await Promise.all([readClaims(), listAll()]);
  const file = join(report, 'verdicts.json');
  const earlier = existsSync(file) ? memory.parse(JSON.parse(await readFile(file, 'utf8'))) : {};
  const now = listedIn(JSON.parse(await readFile(results, 'utf8')));
  const day = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const verdicts = remember(earlier, now, day);
  await writeWhole(file, JSON.stringify(verdicts, undefined, 1));
  const covering = all.map(async (one) => ({
    ...one,
    last: lastOf(one, verdicts, now, day),
    rules: await rulesBeside(one.file),
  }));
  await writeFile(join(report, 'coverage.md'), renderCoverage(claims, await Promise.all(covering)));
}

/** One line for each claim; a claim without a test says so. */
export function renderCoverage(claims: readonly Claim[], tests: readonly Covering[]): string {
  const lines = claims.map(({ id, tutorials, claim, state }) => {
    const mine = tests.filter(({ tags }) => tags.includes(id));
    const rules = [...new Set(mine.flatMap((one) => one.rules))];
    const none = state === 'built' ? '**no test, although it is called built**' : `no test: ${state}`;
    const cells = [
      id,
      tutorials,
      claim,
      rules.join('<br>'),
      mine.length === 0 ? none : mine.map(({ title, file, line }) => `${title} (${file}:${line})`).join('<br>'),
      mine.map(({ last }) => last).join('<br>'),
    ];
    return markdownRow(cells);
  });
  const covered = claims.filter(({ id }) => tests.some(({ tags }) => tags.includes(id))).length;
  return [
    '# Coverage',
    '',
    `${covered} of ${claims.length} claims have a test. Made by every run of the suites from docs/scenarios.md and the tags.`,
    '',
    '| id | from | claim | rules | tests | last verdict |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

async function listAll(): Promise<readonly Listed[]> {
  const { stdout } = await execa(process.execPath, [playwright, 'test', '--list', '--reporter=json'], {
    cwd: projectRoot,
    cancelSignal: interruption.signal,
    maxBuffer: 1e8,
  });
  return listedIn(JSON.parse(stdout));
}

/** The rules that a learner could apply by hand stand beside the suite. */
async function rulesBeside(file: string): Promise<readonly string[]> {
  const folder = dirname(join(projectRoot, file));
  const found = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && name !== 'mutants.yaml');
  return found.toSorted();
}
