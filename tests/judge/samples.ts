import type { Answered, Outcome, Refused, Tally } from '../../mesh/judge/outcome.ts';

export const from = (version: string): Answered => ({
  kind: 'answered',
  status: 200,
  version,
  server: 'envoy',
  detail: '',
});
export const failed = (status: number, detail = '', server = 'envoy'): Outcome => ({
  kind: 'answered',
  status,
  version: '',
  server,
  detail,
});
export const reset: Refused = { kind: 'refused', reason: 'reset', detail: 'ECONNRESET' };
export const nobody: Refused = { kind: 'refused', reason: 'no-listener', detail: 'ECONNREFUSED' };
export const silent: Refused = { kind: 'refused', reason: 'timeout', detail: 'before an answer' };
/** DNS gave no answer. */
export const unresolved: Refused = { kind: 'refused', reason: 'dns', detail: 'EAI_AGAIN' };
export const noEndpoint = failed(503, 'no healthy upstream');

export const tallyOf = (...counts: readonly (readonly [number, Outcome])[]): Tally =>
  counts.map(([count, outcome]) => ({ count, outcome }));
