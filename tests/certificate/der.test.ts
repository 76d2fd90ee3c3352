import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { integer } from '../../mesh/certificate/der.ts';
import { selfSigned } from '../../mesh/certificate/self-signed.ts';

test.each([
  ['as it is', [0x12, 0x34], [0x12, 0x34]],
  ['with a zero before what would be negative', [0x80], [0, 0x80]],
  ['without zeros that say nothing', [0, 0, 0x6f, 0xa0], [0x6f, 0xa0]],
  ['with the one zero that keeps it positive', [0, 0, 0xff], [0, 0xff]],
  ['as one byte where it is nothing', [0, 0], [0]],
])('a number is written %s', (_how, given, written) => {
  expect([...integer(Buffer.from(given))]).toEqual([0x02, written.length, ...written]);
});

test('whatever the serial number, the certificate can be read', () => {
  // One number in 256 begins with a zero.
  const made = Array.from({ length: 1500 }, () => selfSigned('a.example.com').certificate);
  expect(() => made.map((pem) => new X509Certificate(pem))).not.toThrow();
});
