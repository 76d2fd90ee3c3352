import { expect, test } from 'vitest';
import { differences } from '../../mesh/judge/logged.ts';
import type { LoggedRequest } from '../../mesh/proxy/access-log.ts';

const line: LoggedRequest = {
  id: 'run-1',
  requestId: '5c1a',
  method: 'GET',
  path: '/version',
  status: 200,
  flags: [],
  details: 'via_upstream',
  route: 'nodebook.istio-e2e-w0#71.0',
  bytesReceived: 0,
  bytesSent: 2,
  cluster: 'outbound|3000|v3|nodebook',
  upstream: '10.244.0.7:3000',
};

test('a line that says all that it should', () => {
  expect(differences([line], { route: 'nodebook.istio-e2e-w0#71.0', flags: [], bytesSent: 2 })).toEqual([]);
});

test('each difference is named', () => {
  expect(differences([{ ...line, flags: ['FI'] }], { flags: [], bytesSent: 3, route: '' })).toEqual([
    'says flags FI, and not none',
    'says bytesSent 2, and not 3',
    'says route nodebook.istio-e2e-w0#71.0, and not none',
  ]);
});

test('exactly one line, or none where none is expected', () => {
  expect(differences([], {})).toEqual(['has no line of it, and should have one']);
  expect(differences([line, line], {})).toEqual(['has 2 lines of it, and should have one']);
  expect(differences([], 'nothing')).toEqual([]);
  expect(differences([line], 'nothing')).toEqual(['has a line of it, and should have none']);
});
