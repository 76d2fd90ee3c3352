import { expect, test } from 'vitest';
import { withKeys } from '../../mesh/rules/keys.ts';
import { place, type Place } from '../../mesh/rules/place.ts';
import { parseRules, type Rule } from '../../mesh/rules/rule.ts';

const where: Place = {
  namespace: 'istio-e2e-w1',
  labels: { 'istio-e2e.dev/run': 'r1' },
  gateway: { labels: { istio: 'ingress-istio-e2e-w1' }, shared: false },
  districts: new Map([
    ['foo', 'istio-e2e-w1-foo'],
    ['bar', 'istio-e2e-w1-bar'],
  ]),
  mark: '7',
};

const rule = (kind: string, source: string): Rule => {
  const [first] = parseRules(`apiVersion: security.istio.io/v1\nkind: ${kind}\n${source}`);
  if (first === undefined) throw new Error('no rule');
  return first;
};

test('namespaces are those of the worker, also where a policy names them', () => {
  const policy = rule(
    'AuthorizationPolicy',
    `metadata: { name: p, namespace: foo }
spec:
  action: DENY
  rules:
    - from: [{ source: { principals: [cluster.local/ns/bar/sa/httpbin], notNamespaces: [bar, elsewhere] } }]
      to: [{ operation: { paths: [/ns/barn], methods: [GET], hosts: [httpbin.foo.svc.cluster.local] } }]`,
  );
  expect(place(policy, where)).toEqual({
    ...policy,
    metadata: { name: 'p', namespace: 'istio-e2e-w1-foo', labels: { 'istio-e2e.dev/run': 'r1' } },
    spec: {
      action: 'DENY',
      rules: [
        {
          from: [
            {
              source: {
                principals: ['cluster.local/ns/istio-e2e-w1-bar/sa/httpbin'],
                notNamespaces: ['istio-e2e-w1-bar', 'elsewhere'],
              },
            },
          ],
          to: [
            {
              operation: {
                paths: ['/ns/barn'],
                methods: ['GET'],
                hosts: ['httpbin.istio-e2e-w1-foo.svc.cluster.local'],
              },
            },
          ],
        },
      ],
    },
  });
});

test("a policy for Istio's gateway is put on the worker's own", () => {
  const policy = rule(
    'AuthorizationPolicy',
    'metadata: { name: p, namespace: istio-system }\nspec: { selector: { matchLabels: { istio: ingressgateway } } }',
  );
  expect(place(policy, where)).toMatchObject({
    metadata: { namespace: 'istio-e2e-w1' },
    spec: { selector: { matchLabels: { istio: 'ingress-istio-e2e-w1' } } },
  });
});

test.each([['default'], [undefined]])('in namespace %s it guards nobody, as in any mesh', (written) => {
  const selector = { matchLabels: { istio: 'ingressgateway' } };
  const policy = { ...rule('AuthorizationPolicy', 'metadata: { name: p }'), spec: { selector } };
  const metadata = { name: 'p', ...(written === undefined ? {} : { namespace: written }) };
  expect(place({ ...policy, metadata }, where)).toMatchObject({
    metadata: { namespace: 'istio-e2e-w1' },
    spec: { selector },
  });
});

test('the whole mesh is for who is alone in it', () => {
  const policy = rule('PeerAuthentication', 'metadata: { name: p, namespace: istio-system }\nspec: {}');
  expect(() => place(policy, where)).toThrow(/NOT_ALONE/);
  expect(place(policy, { ...where, alone: true }).metadata.namespace).toBe('istio-system');
});

test('a namespace that is not ours is refused', () => {
  const policy = rule('PeerAuthentication', 'metadata: { name: p, namespace: payments }\nspec: {}');
  expect(() => place(policy, { ...where, alone: true })).toThrow(/DISTRICT_UNKNOWN/);
});

test('keys are put into the rule, or where it points', () => {
  const issuer = { name: 'x', jwks: '{"keys":[]}', token: () => Promise.resolve('') };
  const trusting = (more: string) =>
    withKeys(
      rule('RequestAuthentication', `metadata: { name: r }\nspec: { jwtRules: [{ issuer: x${more} }] }`),
      issuer,
    );
  expect(trusting('')).toMatchObject({ spec: { jwtRules: [{ issuer: 'x', jwks: issuer.jwks }] } });
  expect(trusting(', jwksUri: http://httpbin:8000/base64/')).toMatchObject({
    spec: { jwtRules: [{ jwksUri: 'http://httpbin:8000/base64/eyJrZXlzIjpbXX0=' }] },
  });
});
