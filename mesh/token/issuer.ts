import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

/** What differs from a good token; times in seconds from now. */
export interface TokenOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly validFrom?: number;
  readonly validUntil?: number;
  /**
   * `by another`: with a key that has the right id and is not the right one. The last two say that no algorithm was used, and one of them
   * bears something in the signature's place all the same.
   */
  readonly signed?: 'rightly' | 'by another' | 'not at all' | 'for show';
}

/** Somebody who issues tokens, with keys that nobody has seen before and that never leave this process. */
export interface Issuer {
  readonly name: string;
  /** The public keys, as a key set in JSON. */
  readonly jwks: string;
  token(options?: TokenOptions): Promise<string>;
}

const ALGORITHM = 'RS256';

export async function makeIssuer(name: string, audience: string): Promise<Issuer> {
  const id = randomUUID();
  const [own, strange] = await Promise.all([generateKeyPair(ALGORITHM), generateKeyPair(ALGORITHM)]);
  const { kty, n, e } = await exportJWK(own.publicKey);
  const jwks = JSON.stringify({ keys: [{ kid: id, alg: ALGORITHM, use: 'sig', kty, n, e }] });
  const token = async (options: TokenOptions = {}) => {
    const { signed = 'rightly' } = options;
    const claims = claimsOf({ issuer: name, audience, ...options });
    if (signed === 'not at all') return new UnsecuredJWT(claims).encode();
    if (signed === 'for show') return `${new UnsecuredJWT(claims).encode()}${Buffer.from(id).toString('base64url')}`;
    const signing = new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' });
    return signing.sign(signed === 'rightly' ? own.privateKey : strange.privateKey);
  };
  return { name, jwks, token };
}

function claimsOf({ issuer = '', audience = '', validFrom, validUntil = 3600 }: TokenOptions): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const notBefore = validFrom === undefined ? {} : { nbf: now + validFrom };
  return { iss: issuer, aud: audience, sub: 'a-visitor', exp: now + validUntil, ...notBefore };
}
