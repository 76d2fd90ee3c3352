import type { IncomingMessage } from 'node:http';
import type { Plan } from './plan.ts';
import type { Answered, RequestRecord, SelectedHeader } from './protocol.ts';

const SELECTED: readonly SelectedHeader[] = [
  'server',
  'x-envoy-upstream-service-time',
  'x-envoy-attempt-count',
  'location',
  'content-type',
];

/** More of a body than this is read from the network and dropped: nothing that is looked for lies behind it. */
export const KEPT_BODY_BYTES = 256 * 1024;

const DETAIL_CHARACTERS = 160;

/** What differs between two answers that say the same. Order matters: an id may look like a number of another kind. */
const CHANGING: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, '<address>'],
  [/\b[0-9a-f]{16,}\b/gi, '<hex>'],
  [/\b\d+(?:\.\d+)?(?= ?ms\b)/g, '<n>'],
];

export function answered(response: IncomingMessage, body: string, id: string, plan: Plan): Answered {
  const status = response.statusCode ?? 0;
  return {
    kind: 'answered',
    status,
    version: plan.readVersion(body, (name) => headerOf(response, name)),
    server: headerOf(response, 'server'),
    detail: status >= 400 ? detailOf(body, id) : '',
  };
}

export function selectedHeaders(response: IncomingMessage): NonNullable<RequestRecord['headers']> {
  const present = SELECTED.filter((name) => response.headers[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, headerOf(response, name)]));
}

function detailOf(body: string, id: string): string {
  // Long bodies are cut before the replacing, with room for what the replacing shortens.
  let line = body.slice(0, 4 * DETAIL_CHARACTERS).replaceAll(id, '<id>');
  for (const [pattern, name] of CHANGING) line = line.replace(pattern, name);
  return line.replace(/\s+/g, ' ').trim().slice(0, DETAIL_CHARACTERS);
}

function headerOf(response: IncomingMessage, name: string): string {
  const value = response.headers[name] ?? '';
  return Array.isArray(value) ? value.join(', ') : value;
}
