import { expect, test } from 'vitest';
import { inSteps } from '../../mesh/rules/kinds/registry.ts';
import { identity, loadRules, parseRules } from '../../mesh/rules/rule.ts';

const of = (kind: string, apiVersion = 'networking.istio.io/v1') => ({
  apiVersion,
  kind,
  metadata: { name: kind.toLowerCase() },
});

test('rules go in steps: secrets, then subsets and listeners, then the routes that need them', () => {
  const rules = [of('VirtualService'), of('Gateway'), of('Secret', 'v1'), of('DestinationRule')];
  expect(inSteps(rules).map((step) => step.map(({ kind }) => kind))).toEqual([
    ['Secret'],
    ['Gateway', 'DestinationRule'],
    ['VirtualService'],
  ]);
});

test('a kind whose arrival cannot be seen is refused', () => {
  expect(() => inSteps([of('WorkloadEntry', 'networking.istio.io/v1')])).toThrow(
    /there is none for kind WorkloadEntry/,
  );
});

test('a rule keeps its identity over versions of its API', () => {
  expect(identity(of('Gateway'))).toBe(identity(of('Gateway', 'networking.istio.io/v1beta1')));
});

test.each([
  ['kind: Gateway', /apiVersion/],
  ['apiVersion: v1\nkind: Secret\nmetadata: {}', /name/],
  ['a: b: c', /Nested mappings/],
  ['', /no document/],
])('%j is no rule', (source, words) => {
  expect(() => parseRules(source)).toThrow(words);
});

test('a file that is not there is named', async () => {
  await expect(loadRules('/nowhere/rule.yaml')).rejects.toThrow(
    /Reading the rules in \/nowhere\/rule.yaml.*RULE_FILE_UNUSABLE/,
  );
});
