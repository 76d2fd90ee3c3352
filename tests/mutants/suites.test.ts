import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMutants } from '../../mesh/mutants/load.ts';
import { mutated, type PlacedMutant } from '../../mesh/mutants/mutant.ts';
import { projectRoot } from '../../mesh/paths.ts';
import { loadRules } from '../../mesh/rules/rule.ts';

const suites = join(projectRoot, 'suites');
const mutants = await loadMutants();

async function specOf({ suite }: PlacedMutant): Promise<string> {
  const files = (await readdir(join(suites, suite))).filter((name) => name.endsWith('.spec.ts'));
  return (await Promise.all(files.map((name) => readFile(join(suites, suite, name), 'utf8')))).join('\n');
}

test('no two mutants have one name', () => {
  const ids = mutants.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.each(mutants.map((mutant) => [mutant.id, mutant] as const))(
  '%s names one test and its scenario',
  async (_, mutant) => {
    const spec = await specOf(mutant);
    expect(spec.split(`test('${mutant.test}`)).toHaveLength(2);
    expect(spec).toContain(`'@${mutant.scenario}'`);
  },
);

test.each(
  mutants.flatMap((mutant) => ('file' in mutant.break ? [[mutant.id, mutant, mutant.break.file] as const] : [])),
)('%s fits the rules of its file', async (_, mutant, file) => {
  const path = join(suites, mutant.suite, file);
  expect(existsSync(path)).toBe(true);
  expect(mutated(await loadRules(path), file, mutant)).toBeDefined();
});

test('the quick set has one mutant for each scenario that has any', () => {
  const scenarios = new Set(mutants.map(({ scenario }) => scenario));
  const quick = mutants.filter(({ quick }) => quick).map(({ scenario }) => scenario);
  expect(quick.toSorted()).toEqual([...scenarios].toSorted());
});
