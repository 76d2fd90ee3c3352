import { expect, test } from 'vitest';
import { groups, isOwn } from '../../mesh/istio/analyze-files.ts';
import type { RuleFile } from '../../mesh/rules/files.ts';
import type { Rule } from '../../mesh/rules/rule.ts';

const rule = (kind: string, name: string, spec: object = {}): Rule => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name },
  spec,
});
const file = (name: string, rules: readonly Rule[], leansOn: readonly Rule[] = []): RuleFile => ({
  name,
  rules,
  leansOn,
});
const grouped = (...files: readonly RuleFile[]) => groups(files).map((group) => group.map(({ name }) => name));

test('files that are about different things are looked at together', () => {
  const routes = file('a', [rule('VirtualService', 'a', { hosts: ['a'] })]);
  const others = file('b', [rule('VirtualService', 'b', { hosts: ['b'] })]);
  expect(grouped(routes, others)).toEqual([['a', 'b']]);
});

test('two routes for one host never meet, nor two rules of one name, also where a file only leans on one', () => {
  const routes = file('a', [rule('VirtualService', 'a', { hosts: ['a'] })]);
  const sameHost = file('b', [rule('VirtualService', 'b', { hosts: ['c', 'a'] })]);
  const subsets = rule('DestinationRule', 'd', { host: 'd' });
  const leaning = file('c', [rule('VirtualService', 'c', { hosts: ['e'] })], [subsets]);
  expect(grouped(routes, sameHost, leaning, file('d', [subsets]))).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test('of a kind that is not known there is one in a group, and of a door one', () => {
  const policies = ['a', 'b'].map((name) => file(name, [rule('AuthorizationPolicy', name)]));
  const doors = ['c', 'd'].map((name) => file(name, [rule('Gateway', name, { servers: [{ port: { number: 80 } }] })]));
  expect(grouped(...policies, ...doors)).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ]);
});

test('what is said about the rules of another slot is not said of the file', () => {
  const finding = (origin: string, message: string) => ({
    code: 'IST0140',
    level: 'Warning' as const,
    origin,
    message,
  });
  const origin = 'VirtualService istio-e2e-w0/nodebook';
  const about = (message: string) => isOwn(finding(origin, message), 'istio-e2e-w0');
  expect(about('Referenced host not found: "nodebook"')).toBe(true);
  expect(about('Subset in virtual service istio-e2e-w0/nodebook has no effect')).toBe(true);
  expect(about('Subset in virtual service istio-e2e-w1/nodebook has no effect on istio-e2e-w0/nodebook')).toBe(false);
  expect(about('Subset in virtual service default/productpage has no effect on gateway istio-e2e-w0/a')).toBe(false);
  expect(isOwn(finding('Gateway istio-e2e-w11/nodebook', 'x'), 'istio-e2e-w1')).toBe(false);
});
