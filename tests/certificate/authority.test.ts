import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { newAuthority } from '../../mesh/certificate/authority.ts';

const authority = await newAuthority('tests');
const { certificate, key } = await authority.issue('*.example.test');
const [root, leaf] = [new X509Certificate(authority.certificate), new X509Certificate(certificate)];

test('it vouches for a server, which may not vouch for others', () => {
  expect(leaf.checkIssued(root)).toBe(true);
  expect(leaf.verify(root.publicKey)).toBe(true);
  expect([root.ca, leaf.ca]).toEqual([true, false]);
  expect(leaf.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(leaf.checkHost('outside-1.example.test')).toBe('*.example.test');
  expect(leaf.checkHost('example.com')).toBeUndefined();
});

test('two of one name are strangers', async () => {
  expect(leaf.verify(new X509Certificate((await newAuthority('tests')).certificate).publicKey)).toBe(false);
});
