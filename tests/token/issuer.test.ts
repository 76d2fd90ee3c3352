import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { redact } from '../../mesh/redact.ts';
import { makeIssuer } from '../../mesh/token/issuer.ts';

const issuer = await makeIssuer('https://issuer.example.com', 'httpbin.example.com');
const keys = createLocalJWKSet(JSON.parse(issuer.jwks) as Parameters<typeof createLocalJWKSet>[0]);

test('a good token holds against the public keys, which are all that is given away', async () => {
  const { payload } = await jwtVerify(await issuer.token(), keys, { audience: 'httpbin.example.com' });
  expect(payload.iss).toBe('https://issuer.example.com');
  expect(issuer.jwks).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
});

test('one that is signed by another names the right key, and does not hold', async () => {
  const token = await issuer.token({ signed: 'by another' });
  expect(decodeProtectedHeader(token).kid).toBe(decodeProtectedHeader(await issuer.token()).kid);
  await expect(jwtVerify(token, keys)).rejects.toThrow(/signature/);
});

test('one that is not signed says so', async () => {
  const token = await issuer.token({ signed: 'not at all' });
  expect(decodeProtectedHeader(token).alg).toBe('none');
  expect(token).toMatch(/\.$/);
  const shown = await issuer.token({ signed: 'for show' });
  expect(decodeProtectedHeader(shown).alg).toBe('none');
  expect(shown).toMatch(/\.[\w-]+\.[\w-]+$/);
});

test('times are seconds from now', async () => {
  const now = Date.now() / 1000;
  const { exp = 0, nbf = 0 } = decodeJwt(await issuer.token({ validFrom: 120, validUntil: -120 }));
  expect(exp - now).toBeCloseTo(-120, -1);
  expect(nbf - now).toBeCloseTo(120, -1);
});

test.each(['rightly', 'by another', 'not at all', 'for show'] as const)(
  'a token signed %s is taken out of any text',
  async (signed) => {
    const token = await issuer.token({ signed });
    const line = (written: string) => `{"path":"/headers?access_token=${written}","authority":"x"} Bearer ${written}`;
    expect(redact(line(token))).toBe(line('<token>'));
    // A line that was cut in the middle of it.
    expect(redact(`path=${token.slice(0, 40)}`)).toBe('path=<token>');
  },
);

test('private keys are taken out too, and what is no secret stays', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';
  expect(redact(`a ${key} b`)).toBe('a <private key> b');
  expect(redact('-----BEGIN RSA PRIVATE KEY-----\nMIIE')).toBe('<private key>');
  const harmless = 'they keyJoined eyJ at spiffe://cluster.local/ns/foo/sa/x, -----BEGIN CERTIFICATE-----';
  expect(redact(harmless)).toBe(harmless);
});
