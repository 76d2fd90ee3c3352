import { KeyObject } from 'node:crypto';
import type * as Library from '@peculiar/x509';

const DAY = 24 * 3600 * 1000;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export type Keys = Awaited<ReturnType<typeof newKeys>>;

export interface Statement {
  readonly subject: string;
  readonly publicKey: Keys['publicKey'];
  /** Who vouches for it, and with which key. */
  readonly issuer: string;
  readonly signer: Keys['privateKey'];
  /** Host names that it is good for. */
  readonly hosts: readonly string[];
  /** May vouch for others. */
  readonly authority: boolean;
}

export function newKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** A certificate as PEM, good for a month from yesterday on. */
export async function certify(statement: Statement, now = new Date()): Promise<string> {
  const { subject, issuer, publicKey, signer } = statement;
  const library = await loaded();
  const certificate = await library.X509CertificateGenerator.create({
    subject: [{ CN: [subject] }],
    issuer: [{ CN: [issuer] }],
    publicKey,
    signingKey: signer,
    signingAlgorithm: algorithm,
    notBefore: new Date(now.getTime() - DAY),
    notAfter: new Date(now.getTime() + 30 * DAY),
    extensions: extensions(library, statement),
  });
  return `${certificate.toString('pem')}\n`;
}

export function keyAsPem(key: Keys['privateKey']): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** When it is needed: it takes a fifth of a second, and few of those who could make certificates do. */
async function loaded(): Promise<typeof Library> {
  // The library wants it there before it.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function extensions(library: typeof Library, { hosts, authority }: Statement): Library.Extension[] {
  const names = hosts.map((value) => ({ type: 'dns', value }) as const);
  return [
    ...(names.length === 0 ? [] : [new library.SubjectAlternativeNameExtension(names)]),
    ...(authority ? [new library.BasicConstraintsExtension(true, undefined, true)] : []),
  ];
}
