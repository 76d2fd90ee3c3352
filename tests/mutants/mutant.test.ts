import { describe, expect, test } from 'vitest';
import { disturbsAll, mutated, optionsFor, parseMutants, vanishing } from '../../mesh/mutants/mutant.ts';
import { outcomeOf, renderOutcomes, score } from '../../mesh/mutants/outcome.ts';
import { parseRules } from '../../mesh/rules/rule.ts';

const rules = parseRules(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: one }
spec: { hosts: [one] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: two }
spec: { hosts: [two] }
`);
const about = { id: 'm', scenario: 'T05', test: 't', says: 's', red: '^not split' };
const mutant = (broken: object) => {
  const [parsed] = parseMutants([{ ...about, break: broken }]);
  if (parsed === undefined) throw new Error('there is one');
  return parsed;
};
const hosts = (patched: object) => mutated(rules, 'a.yaml', mutant(patched)).map(({ spec }) => spec);

describe('a mutant', () => {
  test('changes its rule in its file, and nothing else', () => {
    const patch = [{ op: 'replace', path: '/spec/hosts/0', value: 'three' }];
    expect(hosts({ file: 'a.yaml', rule: 'VirtualService two', patch })).toEqual([
      { hosts: ['one'] },
      { hosts: ['three'] },
    ]);
    expect(hosts({ file: 'b.yaml', rule: 'VirtualService two', patch })).toEqual(rules.map(({ spec }) => spec));
    expect(mutated(rules, 'a.yaml', undefined)).toBe(rules);
  });

  test('changes all rules of its file together', () => {
    const together = [0, 1].map((number) => ({ op: 'add', path: `/${number}/spec/hosts/-`, value: 'three' }));
    expect(hosts({ file: 'a.yaml', together })).toEqual([{ hosts: ['one', 'three'] }, { hosts: ['two', 'three'] }]);
  });

  test('leaves its rule out, or has it taken away later', () => {
    expect(hosts({ file: 'a.yaml', rule: 'VirtualService one', missing: true })).toEqual([{ hosts: ['two'] }]);
    const vanishes = mutant({ file: 'a.yaml', rule: 'VirtualService one', vanishes: true });
    expect(mutated(rules, 'a.yaml', vanishes)).toBe(rules);
    expect(vanishing(rules, 'a.yaml', vanishes)).toEqual({ rule: rules[0], awaited: true });
    expect(vanishing(rules, 'b.yaml', vanishes).rule).toBeUndefined();
    const halfWay = mutant({ file: 'a.yaml', rule: 'VirtualService two', vanishes: 'half-way' });
    expect(vanishing(rules, 'a.yaml', halfWay)).toEqual({ rule: rules[1], awaited: false });
  });

  test('hands in what the test is given', () => {
    expect(optionsFor(mutant({ given: { istioVersion: '1.30.7' } }))).toEqual({ istioVersion: '1.30.7' });
    expect(optionsFor(mutant({ besides: [rules[0]] }))).toEqual({});
  });

  test('has the mesh to itself where it breaks what all share', () => {
    expect(disturbsAll(mutant({ scale: 'istiod', to: 0, namespace: 'istio-system' }))).toBe(true);
    expect(disturbsAll(mutant({ scale: 'nodebook-v4', to: 0 }))).toBe(false);
    expect(disturbsAll(undefined)).toBe(false);
  });

  test.each([
    [{ file: 'a.yaml', missing: true }, '2 rules fit: VirtualService one, VirtualService two'],
    [{ file: 'a.yaml', rule: 'VirtualService three', missing: true }, '0 rules fit'],
    [
      { file: 'a.yaml', rule: 'VirtualService one', patch: [{ op: 'replace', path: '/spec/hosts/0', value: 'one' }] },
      'changes nothing',
    ],
    [{ file: 'a.yaml', rule: 'VirtualService one', patch: [{ op: 'remove', path: '/spec/nope' }] }, 'MUTANT_UNFIT'],
  ])('that does not fit is refused: %j', (broken, why) => {
    expect(() => mutated(rules, 'a.yaml', mutant(broken))).toThrow(why);
  });

  test.each([
    {},
    { file: 'a.yaml' },
    { file: 'a.yaml', missing: true, patch: [] },
    { scale: 'v4', to: -1 },
    { besides: [] },
    { besides: [{ kind: 'x' }] },
  ])('that says nothing clear is refused: %j', (broken) => {
    expect(() => mutant(broken)).toThrow();
  });
});

const any = mutant({ scale: 'v4', to: 0 });
const [killed, mistaken, survived, unjudged] = [
  outcomeOf(any, { status: 'failed', line: 'not split v1 50 %' }),
  outcomeOf(any, { status: 'failed', line: 'RuleNeverArrived: ...' }),
  outcomeOf(any, { status: 'passed', line: '' }),
  outcomeOf(any, { status: 'failed', line: 'HarnessError: not split' }),
];

test('a mutant is killed by a red of the right reason alone', () => {
  const skipped = (line: string) => outcomeOf(any, { status: 'skipped', line });
  const fates = [killed, mistaken, survived, unjudged, outcomeOf(any, undefined)].map(({ fate }) => fate);
  expect(fates).toEqual(['killed', 'mistaken', 'survived', 'unjudged', 'unjudged']);
  expect([skipped('not split'), skipped('')].map(({ fate }) => fate)).toEqual(['skipped', 'unjudged']);
  const slow = outcomeOf(any, { status: 'failed', line: 'Fixture "the policies" timeout of 240000ms exceeded.' });
  expect(slow.fate).toBe('unjudged');
});

test('the table has a line for each, the score of each scenario, and that of all', () => {
  expect(score([killed, mistaken, survived])).toBe('1 of 3 mutants killed, 1 survived, 1 mistaken');
  const other = { ...survived, mutant: { ...any, scenario: 'T06' } };
  const table = renderOutcomes([other, killed, mistaken]);
  expect(table).toContain('| T05 | m | s | killed | not split v1 50 % |');
  expect(table).toContain('\nT05 1 of 2, T06 0 of 1\n\n1 of 3 mutants killed, 1 survived, 1 mistaken\n');
});
