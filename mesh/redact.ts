/**
 * A token begins with `{"` in base64url. One that was cut off at the end is known by its beginning all the same. In JSON, a line's end before
 * it is `\n`, whose letter is no part of a word.
 */
const token = /(?:\b|(?<=\\[nrt]))eyJ[\w-]{6,}(?:\.[\w-]*){0,2}/g;
const key = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** The same text without tokens and private keys, wherever they stand in it: in a header, in a path, in a log line. */
export function redact(text: string): string {
  return text.replaceAll(token, '<token>').replaceAll(key, '<private key>');
}
