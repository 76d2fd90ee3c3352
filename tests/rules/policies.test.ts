import { describe, expect, test } from 'vitest';
import type { Dump } from '../../mesh/proxy/dump.ts';
import { kindOf } from '../../mesh/rules/kinds/registry.ts';
import type { Rule } from '../../mesh/rules/rule.ts';
import type { Scene } from '../../mesh/rules/scene.ts';
import { listener, proxyShowing } from '../proxy/dumps.ts';
import { bothWays, inbound, jwtAuthn, rbac, wayIn } from '../proxy/policy-dumps.ts';

const foo = 'istio-e2e-w0-foo';
const view = proxyShowing();
const other = proxyShowing();
const elsewhere = proxyShowing();
const atGateway = proxyShowing();
const scene = (...inForce: readonly Rule[]): Scene => ({
  namespace: 'istio-e2e-w0',
  sidecars: [],
  gateways: [{ view: atGateway, labels: { istio: 'ingress' }, shared: false, listenerPort: (port) => port }],
  workloads: [
    { view, namespace: foo, labels: { app: 'httpbin' }, ports: [8080, 8081] },
    { view: other, namespace: foo, labels: { app: 'other' }, ports: [8080] },
    { view: elsewhere, namespace: 'istio-e2e-w0-bar', labels: { app: 'httpbin' }, ports: [8080] },
  ],
  inForce,
});
const made = (kind: string, name: string, spec: object, namespace = foo): Rule => ({
  apiVersion: 'security.istio.io/v1',
  kind,
  metadata: { name, namespace },
  spec,
});
const app = (name: string) => ({ selector: { matchLabels: { app: name } } });
const expected = (rule: Rule, where: Scene, proxy = view) => kindOf(rule).expected(rule, where, proxy);
const seen = (rule: Rule, dump: Dump, proxy = view) => kindOf(rule).seen(rule, scene(rule), proxy, dump);

describe('PeerAuthentication', () => {
  const mode = (mode: string) => ({ mtls: { mode } });
  const mesh = made('PeerAuthentication', 'default', mode('STRICT'), 'istio-system');
  const strict = ['other ports: only mutual TLS', 'port 8080: only mutual TLS', 'port 8081: only mutual TLS'];
  const permissive = strict.map((mark) => mark.replace('only mutual TLS', 'mutual TLS and plain text'));

  test('holds for the mesh, a namespace or the pods it selects, and never for a gateway', () => {
    const involved = (rule: Rule) => kindOf(rule).involved(rule, scene(rule));
    expect(involved(mesh)).toEqual([view, other, elsewhere]);
    expect(involved(made('PeerAuthentication', 'default', mode('STRICT')))).toEqual([view, other]);
    expect(involved(made('PeerAuthentication', 'one', { ...app('other'), ...mode('STRICT') }))).toEqual([other]);
  });

  test('shows in the ways in that are left', () => {
    const before = { listeners: [inbound(...bothWays(8080), ...bothWays(8081), ...bothWays())] };
    const after = { listeners: [inbound(...[8080, 8081, undefined].map((port) => wayIn(port, { tls: true })))] };
    expect(seen(mesh, before)).toEqual(permissive);
    expect(seen(mesh, after)).toEqual(expected(mesh, scene(mesh)));
    expect(expected(mesh, scene(mesh))).toEqual(strict);
  });

  test('the narrower one decides, port by port', () => {
    const wide = made('PeerAuthentication', 'default', mode('PERMISSIVE'));
    const port = made('PeerAuthentication', 'p', { ...app('httpbin'), portLevelMtls: { 8080: { mode: 'STRICT' } } });
    const marks = ['other ports: mutual TLS and plain text', 'port 8080: only mutual TLS', permissive[2]];
    expect(expected(port, scene(mesh, wide, port))).toEqual(marks);
    expect(expected(mesh, scene(mesh, wide, port))).toEqual(marks);
    expect(expected(mesh, scene(mesh, wide, port), elsewhere)).toEqual(strict.slice(0, 2));
  });

  test('one that goes leaves what the others demand', () => {
    const workload = made('PeerAuthentication', 'w', { ...app('httpbin'), ...mode('PERMISSIVE') });
    const kind = kindOf(workload);
    expect(kind.remaining?.(workload, scene(mesh), view)).toEqual(strict);
    expect(kind.remaining?.(workload, scene(), view)).toEqual(permissive);
  });

  test('a mode that its callers must hear of has no sign', () => {
    const rule = made('PeerAuthentication', 'default', mode('DISABLE'));
    expect(() => expected(rule, scene(rule))).toThrow(/NO_SIGN/);
  });
});

describe('AuthorizationPolicy', () => {
  const rule = made('AuthorizationPolicy', 'p', { ...app('httpbin'), action: 'DENY', rules: [{}, {}] });
  const [first, second] = [`ns[${foo}]-policy[p]-rule[0]`, `ns[${foo}]-policy[p]-rule[1]`];

  test('its rules stand by name on every way in', () => {
    const filters = [rbac('DENY', first, second, `ns[${foo}]-policy[pp]-rule[0]`)];
    const dump = { listeners: [inbound(wayIn(8080, { filters }), wayIn(undefined, { filters }))] };
    expect(seen(rule, dump)).toEqual([`DENY ${first}`, `DENY ${second}`]);
    expect(seen(rule, dump)).toEqual(expected(rule, scene(rule)));
  });

  test('one that is not everywhere has neither come nor gone', () => {
    const dump = { listeners: [inbound(wayIn(8080, { filters: [rbac('DENY', first)] }), wayIn(undefined))] };
    expect(seen(rule, dump)).toEqual([`DENY ${first}, on 1 of 2 ways in`]);
  });

  test('one without rules shows as one that never matches; what is allowed is told from what is denied', () => {
    const none = made('AuthorizationPolicy', 'p', app('httpbin'));
    expect(expected(none, scene(none))).toEqual([`ALLOW ${first}`]);
    const dump = { listeners: [inbound(wayIn(8080, { filters: [rbac('ALLOW', first)] }))] };
    expect(seen(none, dump)).toEqual([`ALLOW ${first}`]);
  });

  test('a gateway shows it in the listeners of its ports', () => {
    const policy = made(
      'AuthorizationPolicy',
      'p',
      { selector: { matchLabels: { istio: 'ingress' } } },
      'istio-e2e-w0',
    );
    expect(kindOf(policy).involved(policy, scene(policy))).toEqual([atGateway]);
    const chain = wayIn(undefined, { filters: [rbac('ALLOW', 'ns[istio-e2e-w0]-policy[p]-rule[0]')] });
    expect(seen(policy, { listeners: [listener(8080, chain)] })).toEqual(expected(policy, scene(policy)));
  });

  test('an action that decides nothing here is refused', () => {
    const audit = made('AuthorizationPolicy', 'p', { action: 'AUDIT' });
    expect(() => expected(audit, scene(audit))).toThrow(/NO_SIGN/);
  });
});

describe('RequestAuthentication', () => {
  const jwks = '{"keys":[{"kid":"k1","kty":"RSA"}]}';
  const trusting = (more: object) =>
    made('RequestAuthentication', 'r', { ...app('httpbin'), jwtRules: [{ issuer: 'i', audiences: ['a'], ...more }] });
  const showing = (audiences: readonly string[], keys: string) => ({
    listeners: [inbound(wayIn(8080, { filters: [jwtAuthn('i', audiences, keys)] }))],
  });

  test.each([
    ['in the rule', trusting({ jwks })],
    ['at its address', trusting({ jwksUri: `http://x/base64/${Buffer.from(jwks).toString('base64url')}` })],
  ])('shows with the issuer, the audiences and the keys %s', (_, rule) => {
    expect(seen(rule, showing(['a'], jwks))).toEqual(['tokens of i for a, checked with key k1']);
    expect(seen(rule, showing(['a'], jwks))).toEqual(expected(rule, scene(rule)));
  });

  test("keys that istiod did not get are not the issuer's, and other issuers are not its own", () => {
    const rule = trusting({ jwks });
    expect(seen(rule, showing(['a'], '{"keys":[{"kid":"abc"}]}'))).not.toEqual(expected(rule, scene(rule)));
    expect(seen(trusting({ issuer: 'j', jwks }), showing(['a'], jwks))).toEqual([]);
  });

  test('keys that nobody here can know have no sign', () => {
    const rule = trusting({ jwksUri: 'https://issuer.example.com/keys' });
    expect(() => expected(rule, scene(rule))).toThrow(/NO_SIGN/);
  });
});
