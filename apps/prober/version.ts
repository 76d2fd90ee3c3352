import type { Fields } from './fields.ts';
import { Misuse } from './misuse.ts';
import type { ReadVersion } from './plan.ts';

const LONGEST_PATTERN = 200;

/** How to read the version from an answer, as the request's `version` field says. */
export function readVersionSource(fields: Fields): ReadVersion {
  const source = fields.object('version', ['pattern', 'header']);
  if (source === undefined) return fromBody;
  const pattern = source.text('pattern');
  const header = source.text('header');
  if (pattern !== undefined && header === undefined) return byPattern(pattern);
  if (header !== undefined && pattern === undefined) return (_body, valueOf) => valueOf(header.toLowerCase());
  throw new Misuse('version must have either a pattern or a header.', 'Send {"pattern": "..."} or {"header": "..."}.');
}

/** A body that is nothing but a version, else the first word in it that looks like one. */
export function fromBody(body: string): string {
  const trimmed = body.trim();
  return /^v\d+$/.test(trimmed) ? trimmed : (/\bv\d+\b/.exec(trimmed)?.[0] ?? '');
}

function byPattern(pattern: string): ReadVersion {
  const expression = compile(pattern);
  return (body) => expression.exec(body)?.[1] ?? '';
}

function compile(pattern: string): RegExp {
  try {
    // An added empty alternative always matches, and shows how many groups there are.
    const groups = (new RegExp(`${pattern}|`).exec('') ?? []).length - 1;
    if (groups >= 1 && pattern.length <= LONGEST_PATTERN) return new RegExp(pattern);
  } catch {
    // Said below, together with the other two reasons.
  }
  throw new Misuse(
    `version.pattern must be a regular expression with a group, of at most ${LONGEST_PATTERN} characters.`,
    'Put the part that is the version in parentheses, such as "color=\\"(\\\\w+)\\"".',
  );
}
