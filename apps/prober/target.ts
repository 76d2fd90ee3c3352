import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isIP } from 'node:net';
import type { Fields } from './fields.ts';
import { Misuse } from './misuse.ts';
import type { Plan } from './plan.ts';

/** Headers that follow from other fields; setting them by hand would make the tally tell something untrue. */
const RESERVED: Partial<Record<string, string>> = {
  'x-probe-id': 'Use idPrefix.',
  connection: 'Use connections: "kept" or "fresh".',
  'content-length': 'It follows from body.',
  'transfer-encoding': 'It follows from body.',
  upgrade: 'The prober speaks plain HTTP/1.1 only.',
};

export function readTarget(fields: Fields): URL {
  const text = fields.text('target');
  if (text === undefined) throw new Misuse('target is missing.', 'Name a URL such as http://reviews:9080/health.');
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:', 'tcp:'].includes(url.protocol)) {
    throw new Misuse(`target must be an http, https or tcp URL, not "${text}".`, 'Write it as http://host:port/path.');
  }
  if (url.protocol === 'tcp:' && (url.port === '' || !['', '/'].includes(url.pathname + url.search))) {
    throw new Misuse(`A tcp target has a port and no path, unlike "${text}".`, 'Write it as tcp://host:port.');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new Misuse(
      'target must not carry a user, a password or a #fragment.',
      'Send an authorization header instead.',
    );
  }
  return url;
}

export function readDial(fields: Fields, target: URL): Plan['dial'] {
  const connectTo = fields.text('connectTo');
  if (connectTo === undefined) return { host: unbracketed(target.hostname), port: portOf(target) };
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(connectTo) ?? [];
  const host = bracketed ?? plain ?? '';
  if (isIP(host) === 0 || Number(port) < 1 || Number(port) > 65_535) {
    throw new Misuse(`connectTo must be ip:port, not "${connectTo}".`, 'Write it as 10.0.0.1:8080 or [::1]:8080.');
  }
  return { host, port: Number(port) };
}

/** The caller's headers in lower case, with a Host in any case. */
export function readHeaders(fields: Fields, target: URL): Record<string, string> {
  const given = fields.object('headers')?.strings() ?? [];
  if (target.protocol === 'tcp:' && given.length > 0) {
    throw new Misuse('headers are given for a tcp target.', 'Leave them out, or use http://.');
  }
  const headers = new Map([['host', target.host]]);
  for (const [name, value] of given) {
    const key = name.toLowerCase();
    const instead = RESERVED[key];
    if (instead !== undefined) throw new Misuse(`The header ${name} cannot be set.`, instead);
    checkHeader(name, value);
    headers.set(key, value);
  }
  return Object.fromEntries(headers);
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new Misuse(`The header ${JSON.stringify(name)} is not valid HTTP.`, 'Mend its name or value.');
  }
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
