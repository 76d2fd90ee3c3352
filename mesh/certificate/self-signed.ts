import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bits, identifier, instant, integer, octets, sequence, setOf, tagged, truth, words } from './der.ts';

export interface Certificate {
  readonly host: string;
  /** Both as PEM. */
  readonly certificate: string;
  readonly key: string;
}

const DAY = 24 * 3600 * 1000;
const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';

/** A certificate that vouches for itself, made anew for each use: no key lies in the repository, and none runs out. */
export function selfSigned(host: string, now = new Date()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(setOf(sequence(identifier(COMMON_NAME), words(host))));
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(12)),
    ecdsaWithSha256,
    name,
    sequence(instant(new Date(now.getTime() - DAY)), instant(new Date(now.getTime() + 30 * DAY))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(alternativeName(host), authority())),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  return { host, certificate: pem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

function alternativeName(host: string): Buffer {
  return sequence(identifier(SUBJECT_ALTERNATIVE_NAME), octets(sequence(tagged(0x82, Buffer.from(host)))));
}

/** Its own authority: a client that trusts it alone has proved that it saw this very one. */
function authority(): Buffer {
  return sequence(identifier(BASIC_CONSTRAINTS), truth(), octets(sequence(truth())));
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
