import { certify, keyAsPem, newKeys } from './x509.ts';

export interface Certificate {
  readonly host: string;
  /** Both as PEM. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * A certificate that vouches for itself, made anew for each use: no key lies in the repository, and none runs out. Being its own authority, it is
 * what a client trusts: one that trusts it alone has proved that it saw this very one.
 */
export async function selfSigned(host: string, now = new Date()): Promise<Certificate> {
  const { publicKey, privateKey } = await newKeys();
  const statement = { subject: host, issuer: host, hosts: [host], authority: true, publicKey, signer: privateKey };
  return { host, certificate: await certify(statement, now), key: keyAsPem(privateKey) };
}
