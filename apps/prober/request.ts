import { randomUUID, X509Certificate } from 'node:crypto';
import { Fields } from './fields.ts';
import { Misuse } from './misuse.ts';
import { LIMITS } from './plan.ts';
import type { Plan } from './plan.ts';
import type { TlsOptions } from './protocol.ts';
import { readDial, readHeaders, readTarget } from './target.ts';
import { readVersionSource } from './version.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const FIELDS = [
  'target',
  'method',
  'headers',
  'body',
  'count',
  'durationSeconds',
  'concurrency',
  'rate',
  'connections',
  'timeoutMillis',
  'giveUpAfter',
  'budgetMillis',
  'idPrefix',
  'version',
  'records',
  'bodies',
  'connectTo',
  'tls',
] as const;

/** `exactly-one` of count and durationSeconds for /send; `at-least-one` for a run that is expected to be stopped. */
export type LimitRule = 'exactly-one' | 'at-least-one';

/** Turns a SendRequest or RunRequest into a plan, or refuses it with a Misuse that names the field. */
export function readRequest(json: unknown, rule: LimitRule): Plan {
  const fields = new Fields(json, 'the request', FIELDS);
  const target = readTarget(fields);
  const rate = fields.number('rate', { above: 0, to: LIMITS.rate }) ?? 0;
  const concurrency = fields.whole('concurrency', { from: 1, to: LIMITS.concurrency });
  const plan: Plan = {
    target,
    dial: readDial(fields, target),
    method: fields.oneOf('method', METHODS) ?? 'GET',
    headers: readHeaders(fields, target),
    body: fields.text('body'),
    tls: readTls(fields, target),
    ...readLimit(fields, rule),
    rate,
    concurrency: concurrency ?? (rate > 0 ? LIMITS.concurrency : 1),
    connections: fields.oneOf('connections', ['kept', 'fresh']) ?? 'kept',
    timeoutMillis: fields.whole('timeoutMillis', { from: 1, to: LIMITS.timeoutMillis }) ?? 10_000,
    giveUpAfter: fields.whole('giveUpAfter', { from: 1, to: LIMITS.count }) ?? Infinity,
    budgetMillis: fields.whole('budgetMillis', { from: 1, to: LIMITS.budgetMillis }) ?? Infinity,
    idPrefix: fields.matching('idPrefix', /^[\w.-]{1,64}$/, 'up to 64 letters, digits, . _ -') ?? randomUUID(),
    readVersion: readVersionSource(fields),
    records: fields.flag('records'),
    bodies: fields.flag('bodies'),
  };
  refuseBodiesAlone(plan);
  return plan;
}

function readLimit(fields: Fields, rule: LimitRule): { count: number; durationMillis: number } {
  const count = fields.whole('count', { from: 1, to: LIMITS.count });
  const seconds = fields.number('durationSeconds', { above: 0, to: LIMITS.durationSeconds });
  const given = [count, seconds].filter((each) => each !== undefined).length;
  if (given === 0 || (given === 2 && rule === 'exactly-one')) {
    const both =
      given === 2 ? 'Both count and durationSeconds are given.' : 'Neither count nor durationSeconds is given.';
    throw new Misuse(both, 'Say how much to send: a count of requests or a durationSeconds.');
  }
  return { count: count ?? Infinity, durationMillis: (seconds ?? Infinity) * 1000 };
}

function readTls(fields: Fields, target: URL): TlsOptions {
  const tls = fields.object('tls', ['insecure', 'ca', 'serverName']);
  if (tls === undefined) return {};
  if (target.protocol !== 'https:')
    throw new Misuse('tls is given for an http target.', 'Leave it out, or use https://.');
  const ca = tls.text('ca');
  checkAuthority(ca);
  const serverName = tls.text('serverName');
  const options = { insecure: tls.flag('insecure'), ...(ca && { ca }), ...(serverName && { serverName }) };
  return options;
}

function checkAuthority(ca: string | undefined): void {
  try {
    if (ca !== undefined) new X509Certificate(ca);
  } catch {
    throw new Misuse('ca must be a certificate in PEM.', 'Send it whole, from BEGIN CERTIFICATE to END CERTIFICATE.');
  }
}

function refuseBodiesAlone(plan: Plan): void {
  if (plan.bodies && !plan.records) throw new Misuse('bodies is asked for without records.', 'Add "records": true.');
  if (plan.bodies && Number.isFinite(plan.count) && plan.count > LIMITS.recordsWithBodies) {
    throw new Misuse(
      `bodies can be kept for ${LIMITS.recordsWithBodies} requests, not ${plan.count}.`,
      'Leave bodies out or send fewer requests.',
    );
  }
}
