import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MUTANTS } from '../mutants/load.ts';
import { loadRules, type Rule, ruleInWords } from './rule.ts';

/** A file of rules, and what of its neighbours must be there with it. */
export interface RuleFile {
  /** `traffic-shifting/half-and-half.yaml` */
  readonly name: string;
  readonly rules: readonly Rule[];
  /** What its suite has besides that rules lean on: subsets, gateways. Files of a folder without a suite stand alone. */
  readonly leansOn: readonly Rule[];
}

const foundations = ['DestinationRule', 'Gateway', 'ServiceEntry'];

/** Every file of rules below a folder, in order. */
export async function ruleFiles(root: string): Promise<readonly RuleFile[]> {
  const all = (await readdir(root, { recursive: true })).toSorted();
  const suites = new Set(all.filter((name) => name.endsWith('.spec.ts')).map((name) => dirname(name)));
  const names = all.filter((name) => name.endsWith('.yaml') && basename(name) !== MUTANTS);
  const loaded = await Promise.all(names.map(async (name) => ({ name, rules: await loadRules(join(root, name)) })));
  return loaded.map(({ name, rules }) => {
    const folder = dirname(name);
    const own = new Set(rules.map((rule) => ruleInWords(rule)));
    const beside = loaded
      .filter((other) => suites.has(folder) && dirname(other.name) === folder)
      .flatMap((other) => other.rules)
      .filter((rule) => foundations.includes(rule.kind) && !own.has(ruleInWords(rule)));
    // Of several of one name, the first.
    const leansOn = new Map(beside.toReversed().map((rule) => [ruleInWords(rule), rule]));
    return { name, rules, leansOn: [...leansOn.values()] };
  });
}
