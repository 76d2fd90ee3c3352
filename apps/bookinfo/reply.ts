import type { Html } from './html.ts';

/** An answer as a value: what a route returns and the router sends. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function text(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function page(status: number, { markup }: Html): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: markup };
}

export function stylesheet(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body };
}

export function redirect(location: string, cookie: string): Reply {
  return { status: 302, headers: { location, 'set-cookie': cookie }, body: '' };
}
