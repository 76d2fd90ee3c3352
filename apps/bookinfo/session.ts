/**
 * Who is signed in. The cookie carries the name and nothing that proves it: any password will do here, as in the sample,
 * so there is nothing to protect.
 */
const NAME = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

/** A name that can stand in a header; undefined for anything else. */
export function readName(text: string | null): string | undefined {
  const name = text?.trim() ?? '';
  return NAME.test(name) ? name : undefined;
}

export function signedIn(name: string): string {
  return `session=${Buffer.from(name).toString('base64url')}; Path=/; HttpOnly; SameSite=Lax`;
}

export const SIGNED_OUT = 'session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax';

/** The signed-in name, or '' for nobody and for a cookie that is not ours. */
export function userOf(cookies = ''): string {
  const [, value] = /(?:^|;\s*)session=([\w-]+)/.exec(cookies) ?? [];
  return readName(Buffer.from(value ?? '', 'base64url').toString()) ?? '';
}
