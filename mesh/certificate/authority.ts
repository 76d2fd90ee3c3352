import type { Certificate } from './self-signed.ts';
import { certify, keyAsPem, newKeys } from './x509.ts';

/** Vouches for servers. Its own key never leaves the process that made it. */
export interface CertificateAuthority {
  /** PEM of what a client has to trust. */
  readonly certificate: string;
  issue(host: string): Promise<Certificate>;
}

export async function newAuthority(name: string): Promise<CertificateAuthority> {
  const { publicKey, privateKey: signer } = await newKeys();
  const certificate = await certify({ subject: name, issuer: name, hosts: [], authority: true, publicKey, signer });
  const issue = async (host: string): Promise<Certificate> => {
    const own = await newKeys();
    const statement = {
      subject: host,
      issuer: name,
      hosts: [host],
      authority: false,
      publicKey: own.publicKey,
      signer,
    };
    return { host, certificate: await certify(statement), key: keyAsPem(own.privateKey) };
  };
  return { certificate, issue };
}
