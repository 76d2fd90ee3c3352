import { expect, test } from '../../fixtures/test.ts';

const host = 'httpbin.example.com';
/** The same httpbin, under a name that no policy is for. */
const elsewhere = 'open.example.com';
const denied = '403 RBAC: access denied';

/** Seconds from now. Clocks may differ by 60, so what is wrong by less is let through. */
const tokens = {
  none: 'nothing',
  good: {},
  'expired 30 s ago': { validUntil: -30 },
  'expired 120 s ago': { validUntil: -120 },
  'valid in 30 s': { validFrom: 30 },
  'valid in 120 s': { validFrom: 120 },
  'signed by another': { signed: 'by another' },
  'algorithm none, not signed': { signed: 'not at all' },
  'algorithm none, signed for show': { signed: 'for show' },
  'of another issuer': { issuer: 'https://elsewhere.example.com' },
  'for another audience': { audience: 'elsewhere.example.com' },
} as const;

/** Wherever it is borne. */
const told = (answer: string) => ({ 'header /headers': answer, 'parameter /headers': answer });

const checked = {
  none: { 'header /headers': '200', 'header /ip': '200' },
  good: { ...told('200'), 'header /ip': '200' },
  'expired 30 s ago': told('200'),
  'expired 120 s ago': told('401 Jwt is expired'),
  'valid in 30 s': told('200'),
  'valid in 120 s': told('401 Jwt not yet valid'),
  'signed by another': told('401 Jwt verification fails'),
  'algorithm none, not signed': told(
    '401 Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections',
  ),
  'algorithm none, signed for show': told('401 Jwt header [alg] is not supported'),
  'of another issuer': told('401 Jwt issuer is not configured'),
  'for another audience': told('403 Audiences in Jwt are not allowed'),
};

const required = { ...checked, none: { 'header /headers': denied, 'header /ip': denied } };
const requiredForHeaders = { ...checked, none: { 'header /headers': denied, 'header /ip': '200' } };
const notRequired = { none: checked.none };

test.describe('A token is required of who comes for the host', { tag: '@S03' }, () => {
  test.beforeEach('Open the gateway', ({ rules }) => rules.apply('httpbin-gateway.yaml'));

  test('checked with keys that stand in the rule: a good one is let in, any other is told why not', async ({
    outside,
    httpbin,
    gateway,
    rules,
    issuer,
    bearers,
  }) => {
    const visitors = bearers(outside.to(httpbin, { through: gateway, port: 'http2', host }), tokens);
    const others = bearers(outside.to(httpbin, { through: gateway, port: 'http2', host: elsewhere }), tokens);
    await expect(visitors).toTurnOut('no policy', notRequired);
    await test.step('Trust the issuer', () => rules.apply('issuer.yaml', { trusting: issuer }));
    await expect(visitors).toTurnOut('a token is checked', checked);
    await test.step('Require a token', () => rules.apply('token-required.yaml'));
    await expect(visitors).toTurnOut('a token is required', required);
    await expect(others).toTurnOut('a token is required of another host', notRequired);
  });

  test('checked with keys that istiod fetches from a server in the cluster, it is the same', async ({
    outside,
    httpbin,
    gateway,
    rules,
    issuer,
    bearers,
  }) => {
    const visitors = bearers(outside.to(httpbin, { through: gateway, port: 'http2', host }), tokens);
    await test.step('Trust the issuer', () => rules.apply('issuer-by-address.yaml', { trusting: issuer }));
    await expect(visitors).toTurnOut('a token is checked', checked);
    await test.step('Require a token', () => rules.apply('token-required.yaml'));
    await expect(visitors).toTurnOut('a token is required', required);
  });
});

test.describe('A token is required for one path', { tag: '@S04' }, () => {
  test('/headers asks for it, and /ip and another host do not', async ({
    outside,
    httpbin,
    gateway,
    rules,
    issuer,
    bearers,
  }) => {
    const visitors = bearers(outside.to(httpbin, { through: gateway, port: 'http2', host }), tokens);
    const others = bearers(outside.to(httpbin, { through: gateway, port: 'http2', host: elsewhere }), tokens);
    await test.step('Open the gateway', () => rules.apply('httpbin-gateway.yaml'));
    await test.step('Trust the issuer', () => rules.apply('issuer.yaml', { trusting: issuer }));
    await expect(visitors).toTurnOut('a token is checked', notRequired);
    await test.step('Require a token for /headers', () => rules.apply('token-required-for-headers.yaml'));
    await expect(visitors).toTurnOut('a token is required for /headers', {
      ...requiredForHeaders,
      // What is wrong with a token is wrong on any path.
      'expired 120 s ago': { ...told('401 Jwt is expired'), 'header /ip': '401 Jwt is expired' },
    });
    await expect(others).toTurnOut('a token is required for /headers of another host', notRequired);
  });
});
