import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { parse } from 'yaml';
import { z } from 'zod';
import { redact } from '../redact.ts';

/** Keys and certificates as kubeconfigs and secrets hold them: `-----BEGIN` in base64. */
const pem = /(?:\b|(?<=\\[nrt]))LS0tLS1CRUdJTi[\w+/]+={0,2}/g;
const name = String.raw`[\w.-]*(?:token|passwords?|passwd|secret|api[_-]?key|access[_-]?key(?:[_-]?id)?|client-key-data|credentials?)`;
/** Plain, or inside a text that is quoted itself. */
const quote = String.raw`(?:\\*["'])?`;
const value = String.raw`\\+"(?:(?!\\+").)*\\+"|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"',;&{}[\]<\\]+`;
/** A field that is called like a secret, in YAML, JSON, a form or an environment: what follows it, up to where it ends. */
const field = new RegExp(String.raw`(\b${name}${quote}[ \t]*[:=][ \t]*)(${value})`, 'gi');
const headers = String.raw`(?:(?:proxy-)?authorization|(?:set-)?cookie)`;
/** A header as a line, as a field, as the only value of a list. A cookie has several values, and everything up to the end of the text is taken for them. */
const header = new RegExp(
  String.raw`(\b${headers}${quote}\s*[:=]\s*\[?\s*${quote}(?:bearer|basic)?\s*)[^\s"',<[\]\\][^\n"'<\\]*`,
  'gi',
);
/** `name: DB_PASSWORD` and then its value, as in a pod, also below it and further in; `"key": "authorization", "value": "..."` of a proxy. */
const variable = new RegExp(
  String.raw`(\b(?:name|key)${quote}\s*:\s*${quote}(?:${name}|${headers})${quote},?\s*${quote}value${quote}\s*:\s*)([|>][-+]?\s*\n(\s+)[^\n]*(?:\n\3[^\n]*)*|${value})`,
  'gi',
);
/** The credentials in an address. */
const userinfo = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/"'<]+@/gi;
const SHORTEST = 6;

const kubeconfigSchema = z.object({
  users: z.array(z.object({ user: z.record(z.string(), z.unknown()).nullable().default({}) })).default([]),
});

/** Takes secrets out of whatever leaves the machine: by their shape, by the name of their field, and those that are known, to the letter. */
export function cleaner(known: readonly string[]): (text: string) => string {
  const literal = known.filter(({ length }) => length >= SHORTEST).toSorted((a, b) => b.length - a.length);
  const home = homedir();
  return (text) => {
    const without = literal.reduce((rest, secret) => rest.replaceAll(secret, '<secret>'), text);
    const shaped = redact(without).replaceAll(pem, '<key or certificate>');
    const named = shaped
      .replaceAll(userinfo, '$1<secret>@')
      .replaceAll(variable, (_, before: string, value: string) => `${before}${masked(value)}`)
      .replaceAll(header, '$1<secret>')
      .replaceAll(field, (_, before: string, value: string) => `${before}${masked(value)}`);
    return home.length > 1 ? named.replaceAll(home, '~') : named;
  };
}

/** The credentials in a kubeconfig, also as they were before base64. */
export async function secretsIn(kubeconfig: string): Promise<readonly string[]> {
  const { users } = kubeconfigSchema.parse(parse(await readFile(kubeconfig, 'utf8')));
  return users.flatMap(({ user }) => Object.values(user ?? {}).flatMap(secretsOf));
}

function secretsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, Buffer.from(value, 'base64').toString('utf8')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : [];
}

/** What is empty, a number or a word of YAML tells nothing, and often what is wrong. */
function masked(value: string): string {
  const [quote = ''] = /^\\*["']/.exec(value) ?? [];
  const bare = quote === '' ? value : value.slice(quote.length, -quote.length);
  return /^(|\d{1,5}|true|false|null|none|<.*>?)$/i.test(bare) ? value : `${quote}<secret>${quote}`;
}
