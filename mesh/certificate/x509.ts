import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, identifier, instant, integer, octets, sequence, setOf, tagged, truth, words } from './der.ts';

const DAY = 24 * 3600 * 1000;
const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';

export interface Statement {
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** Who vouches for it, and with which key. */
  readonly issuer: string;
  readonly signer: KeyObject;
  /** Host names that it is good for. */
  readonly hosts: readonly string[];
  /** May vouch for others. */
  readonly authority: boolean;
}

export function newKeys(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** A certificate as PEM, good for a month from yesterday on. */
export function certify(statement: Statement, now = new Date()): string {
  const { subject, issuer, publicKey, signer } = statement;
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(12)),
    ecdsaWithSha256,
    named(issuer),
    sequence(instant(new Date(now.getTime() - DAY)), instant(new Date(now.getTime() + 30 * DAY))),
    named(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(statement))),
  );
  return pem(sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer))));
}

export function keyAsPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

function extensions({ hosts, authority }: Statement): readonly Buffer[] {
  const names = hosts.map((host) => tagged(0x82, Buffer.from(host)));
  return [
    ...(hosts.length === 0 ? [] : [sequence(identifier(SUBJECT_ALTERNATIVE_NAME), octets(sequence(...names)))]),
    ...(authority ? [sequence(identifier(BASIC_CONSTRAINTS), truth(), octets(sequence(truth())))] : []),
  ];
}

function named(name: string): Buffer {
  return sequence(setOf(sequence(identifier(COMMON_NAME), words(name))));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
