import { applyPatch, type Operation } from 'rfc6902';
import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { type Rule, ruleInWords, ruleSchema } from '../rules/rule.ts';

const inFile = {
  /** The suite's rule file. */
  file: z.string(),
  /** `VirtualService nodebook`; may be left out where the file has one rule. */
  rule: z.string().optional(),
};
const operation = z.custom<Operation>((value) => typeof value === 'object' && value !== null && 'op' in value);

/** What is wrong: exactly one of these. */
const breakSchema = z.union([
  /** The rule is changed by a JSON Patch (RFC 6902). */
  z.strictObject({ ...inFile, patch: z.array(operation).min(1) }),
  /** All rules of the file are changed by one patch, whose paths begin with their number. */
  z.strictObject({ file: z.string(), together: z.array(operation).min(1) }),
  /** The rule is not applied at all. */
  z.strictObject({ ...inFile, missing: z.literal(true) }),
  /** The rule is applied, and taken away again behind the test's back: before it goes on, or while it is asking. */
  z.strictObject({ ...inFile, vanishes: z.union([z.literal(true), z.literal('half-way')]) }),
  /** A deployment has another number of pods; of the worker's namespace, if no other is named. */
  z.strictObject({ scale: z.string(), to: z.number().int().min(0), namespace: z.string().optional() }),
  /** Rules are in force in the worker's namespace that the test knows nothing of. */
  z.strictObject({ besides: z.array(ruleSchema.transform((object): Rule => object)).min(1) }),
  /** Options of the test are others than the run's own. */
  z.strictObject({ given: z.record(z.string(), z.unknown()) }),
]);

const mutantSchema = z.strictObject({
  id: z.string().regex(/^[a-z\d-]+$/),
  scenario: z.string().regex(/^[A-Z]\d\d$/),
  /** The beginning of the title of the one test that has to notice. */
  test: z.string(),
  /** What is wrong, in words. */
  says: z.string(),
  break: breakSchema,
  /** Regular expression that the first line of the verdict has to fit. */
  red: z.string(),
  /** Belongs to the quick set. */
  quick: z.boolean().default(false),
  /** Takes minutes: it is begun first, so that the others run beside it. */
  slow: z.boolean().default(false),
});

/** A configuration that is wrong on purpose, and what has to be said of it. */
export type Mutant = z.infer<typeof mutantSchema>;

/** A mutant, with the folder under suites/ whose test it is for. */
export type PlacedMutant = Mutant & { readonly suite: string };

/** @throws z.ZodError where the text is of another shape */
export const parseMutants = (value: unknown): readonly Mutant[] => z.array(mutantSchema).parse(value);

/** The options of the test that are others for it. */
export function optionsFor({ break: broken }: Mutant): Readonly<Record<string, unknown>> {
  return 'given' in broken ? broken.given : {};
}

/** Whether it breaks what is no worker's own. */
export function disturbsAll(mutant: Mutant | undefined): boolean {
  return mutant !== undefined && 'scale' in mutant.break && mutant.break.namespace !== undefined;
}

/**
 * The rules of a file as the mutant has them.
 *
 * @param mutant undefined where nothing is broken on purpose
 * @throws HarnessError MUTANT_UNFIT where it fits no rule of its file, or changes nothing
 */
export function mutated(rules: readonly Rule[], file: string, mutant: Mutant | undefined): readonly Rule[] {
  if (mutant === undefined || !('file' in mutant.break) || mutant.break.file !== file) return rules;
  if ('together' in mutant.break) return patched(rules, mutant.break.together, mutant);
  const target = targetOf(rules, mutant);
  if ('vanishes' in mutant.break) return rules;
  if ('missing' in mutant.break) return rules.filter((rule) => rule !== target);
  const changed = patched(target, mutant.break.patch, mutant);
  return rules.map((rule) => (rule === target ? changed : rule));
}

function patched<T>(value: T, patch: Operation[], mutant: Mutant): T {
  const changed = structuredClone(value);
  const [failure] = applyPatch(changed, patch).filter((error) => error !== null);
  if (failure !== undefined) throw unfit(mutant, failure.message);
  if (JSON.stringify(changed) === JSON.stringify(value)) throw unfit(mutant, 'the patch changes nothing');
  return changed;
}

/** The rule of this file that is to be taken away behind the test's back, and whether before the test goes on. */
export function vanishing(
  rules: readonly Rule[],
  file: string,
  mutant: Mutant | undefined,
): { readonly rule: Rule | undefined; readonly awaited: boolean } {
  if (mutant === undefined || !('vanishes' in mutant.break) || mutant.break.file !== file)
    return { rule: undefined, awaited: false };
  const { kind, metadata } = targetOf(rules, mutant);
  const rule = rules.find((one) => one.kind === kind && one.metadata.name === metadata.name);
  return { rule, awaited: mutant.break.vanishes === true };
}

function targetOf(rules: readonly Rule[], mutant: Mutant): Rule {
  const wanted = 'rule' in mutant.break ? mutant.break.rule : undefined;
  const fitting = rules.filter((rule) => wanted === undefined || ruleInWords(rule) === wanted);
  const [target] = fitting;
  if (target !== undefined && fitting.length === 1) return target;
  throw unfit(mutant, `${fitting.length} rules fit: ${rules.map((rule) => ruleInWords(rule)).join(', ')}`);
}

function unfit({ id, says }: Mutant, seen: string): HarnessError {
  return new HarnessError({
    code: 'MUTANT_UNFIT',
    blame: 'usage',
    doing: `Preparing mutant ${id} (${says})`,
    expected: 'one rule of its file, changed by it',
    seen,
    next: "correct it in the suite's mutants.yaml",
  });
}
