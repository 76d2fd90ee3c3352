import { isDeepStrictEqual } from 'node:util';
import type { LoggedRequest } from '../proxy/access-log.ts';

/** What one end must have written about a request: only what is named is compared. */
export type ExpectedLine = Partial<Omit<LoggedRequest, 'id' | 'requestId'>>;

/** In what a log differs from what it should say of a request; empty where it does not. */
export function differences(lines: readonly LoggedRequest[], expected: ExpectedLine | 'nothing'): readonly string[] {
  if (expected === 'nothing')
    return lines.length === 0 ? [] : [`has ${lineCount(lines.length)} of it, and should have none`];
  const [line] = lines;
  if (line === undefined || lines.length > 1) return [`has ${lineCount(lines.length)} of it, and should have one`];
  return Object.entries(expected).flatMap(([field, wanted]) => {
    const seen = line[field as keyof ExpectedLine];
    return isDeepStrictEqual(seen, wanted) ? [] : [`says ${field} ${inWords(seen)}, and not ${inWords(wanted)}`];
  });
}

function lineCount(count: number): string {
  return count === 0 ? 'no line' : count === 1 ? 'a line' : `${count} lines`;
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  return value === '' ? 'none' : String(value);
}
