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

const specs = new Map(
  await Promise.all((await readdir(suites)).map(async (suite) => [suite, await textOf(suite)] as const)),
);

/** Tests that no configuration breaks without harm to whoever comes after; their matchers and guards have wrong inputs of their own. */
const unbroken = [
  // istiod counts a refusal for as long as it lives.
  'every proxy has accepted its configuration',
  // It compares a proxy with itself.
  'the bootstrap file of the agent names this proxy, and is what was loaded',
];

async function textOf(suite: string): Promise<string> {
  const files = (await readdir(join(suites, suite))).filter((name) => name.endsWith('.spec.ts'));
  return (await Promise.all(files.map((name) => readFile(join(suites, suite, name), 'utf8')))).join('\n');
}

function specOf({ suite }: PlacedMutant): string {
  return specs.get(suite) ?? '';
}

test('no two mutants have one name', () => {
  const ids = mutants.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test.each(mutants.map((mutant) => [mutant.id, mutant] as const))('%s names one test and its scenario', (_, mutant) => {
  const [before = '', ...rest] = specOf(mutant).split(`test('${mutant.test}`);
  expect(rest).toHaveLength(1);
  // Tags stand at the describe block that the test is in, the last one that begins before it.
  const block = before.slice(before.lastIndexOf('test.describe('));
  expect(scenariosIn(withConstants(block, before))).toContain(mutant.scenario);
});

test.each(
  mutants.flatMap((mutant) => ('file' in mutant.break ? [[mutant.id, mutant, mutant.break.file] as const] : [])),
)('%s fits the rules of its file', async (_, mutant, file) => {
  const path = join(suites, mutant.suite, file);
  expect(existsSync(path)).toBe(true);
  expect(mutated(await loadRules(path), file, mutant)).toBeDefined();
});

test.each([...specs].flatMap(([suite, spec]) => [...scenariosIn(spec)].map((scenario) => [scenario, suite] as const)))(
  '%s, in %s, has at least three mutants',
  (scenario) => {
    expect(mutants.filter((mutant) => mutant.scenario === scenario).length).toBeGreaterThanOrEqual(3);
  },
);

test('every test has one that it must notice', () => {
  const unseen = [...specs].flatMap(([suite, spec]) =>
    titlesIn(spec).filter((title) => !mutants.some((one) => one.suite === suite && title.startsWith(one.test))),
  );
  expect(unseen.toSorted()).toEqual(unbroken.toSorted());
});

/** A block, and the lines that declare what it names. */
function withConstants(block: string, spec: string): string {
  const declared = [...spec.matchAll(/^const (\w+) = .*$/gm)].filter(([, name = '']) => block.includes(`, ${name},`));
  return [block, ...declared.map(([line]) => line)].join('\n');
}

function scenariosIn(spec: string): ReadonlySet<string> {
  return new Set([...spec.matchAll(/'@([A-Z]\d\d)'/g)].map(([, id = '']) => id));
}

function titlesIn(spec: string): readonly string[] {
  return [...spec.matchAll(/\btest\(\s*'([^']+)'/g)].map(([, title = '']) => title);
}

test('the quick set has one mutant for each scenario that has any', () => {
  const scenarios = new Set(mutants.map(({ scenario }) => scenario));
  const quick = mutants.filter(({ quick }) => quick).map(({ scenario }) => scenario);
  expect(quick.toSorted()).toEqual([...scenarios].toSorted());
});
