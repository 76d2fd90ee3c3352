import { describe, expect, test } from 'vitest';
import { contactOf } from '../../mesh/judge/contact.ts';
import { countInWords, heatMap } from '../../mesh/judge/heat-map.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { cellInWords, cellsOf, wrongCells } from '../../mesh/judge/truth-table.ts';
import { askedBy } from '../../mesh/world/asked.ts';
import { LOST } from '../../mesh/judge/reasons.ts';
import { take } from '../../mesh/verdict/take.ts';
import { from, tallyOf, unresolved } from './samples.ts';

const answered = (status: number, version = '', detail = ''): Outcome => ({
  kind: 'answered',
  status,
  version,
  server: 'envoy',
  detail,
});
const refused = (reason: 'reset' | 'timeout'): Outcome => ({ kind: 'refused', reason, detail: '' });
const identity = 'istio-e2e-w0-foo/sa/httpbin';

describe('what came of one asking another', () => {
  test.each([
    ['mutual TLS', answered(200, identity)],
    ['mutual TLS as istio-e2e-w0-bar/sa/httpbin', answered(200, 'istio-e2e-w0-bar/sa/httpbin')],
    ['plain text', answered(200)],
    ['denied', answered(403, '', 'RBAC: access denied')],
    ['403 "Forbidden"', answered(403, '', 'Forbidden')],
    ['reset', refused('reset')],
    ['no answer in time', refused('timeout')],
    ['503 without a version', answered(503)],
  ])('%s', (words, outcome) => {
    expect(contactOf(tallyOf([31, outcome]), identity)).toBe(words);
  });

  test('one request that came out otherwise makes it neither', () => {
    expect(contactOf(tallyOf([30, refused('reset')], [1, answered(200)]), identity)).toBe('plain text and reset');
    expect(contactOf([], identity)).toBe('nothing at all');
  });
});

test.each([
  ['foo', { who: 'foo', port: 8000, method: 'GET', path: '/headers' }],
  ['foo/other:8001', { who: 'foo/other', port: 8001, method: 'GET', path: '/headers' }],
  ['foo POST /post', { who: 'foo', port: 8000, method: 'POST', path: '/post' }],
])('the column %s', (written, asked) => {
  expect(askedBy(written)).toEqual(asked);
});

test('a column that nobody understands is refused', () => {
  expect(() => askedBy('foo POST')).toThrow(/written like/);
});

test('a table is drawn whole, with what is not as claimed in a frame', () => {
  const cells = cellsOf({ legacy: { foo: 'reset', bar: 'plain text' } }).map((cell) => ({
    ...cell,
    seen: 'plain text',
  }));
  expect(wrongCells(cells).map(cellInWords)).toEqual(['legacy to foo: plain text, and not reset']);
  const tables = [{ about: 'STRICT & <more>', cells }];
  expect(countInWords(tables)).toBe('2 cells, 1 as claimed');
  const svg = heatMap(tables);
  expect(svg.match(/<rect/g)).toHaveLength(2);
  expect(svg.match(/stroke="#d50000"/g)).toHaveLength(1);
  expect(svg).toContain('STRICT &amp; &lt;more>');
});

test.each([
  ['DNS gave no answer', unresolved, 'the environment'],
  ['the caller had no port left', { kind: 'refused', reason: 'other', detail: 'EADDRNOTAVAIL' }, 'the environment'],
  ['the prober lost it', { kind: 'refused', reason: 'other', detail: LOST }, 'the harness'],
  ['a connection was reset', { kind: 'refused', reason: 'reset', detail: 'ECONNRESET' }, 'the rule or the mesh'],
] as const)('a cell that is wrong since %s', (_, outcome, suspect) => {
  const cell = { from: 'foo', to: 'bar', claimed: 'plain text', reading: { contactAs: 'spiffe://foo' } };
  const { verdict } = take('toTurnOut', {
    about: 'no policy',
    cells: [{ ...cell, tally: tallyOf([30, from('')], [1, outcome]) }],
    requests: 31,
    leak: 0.2,
    inForce: [],
  });
  expect(verdict.pass).toBe(false);
  expect(verdict.message.split('\n')[0]).toMatch(new RegExp(`\\[suspect: ${suspect}\\]$`));
});

test('what is proved wrong stays so beside an answer that DNS never gave', () => {
  const reading = { contactAs: 'spiffe://foo' };
  const { verdict } = take('toTurnOut', {
    about: 'STRICT',
    cells: [
      { from: 'legacy', to: 'foo', claimed: 'reset', reading, tally: tallyOf([31, from('')]) },
      {
        ...{ from: 'bar', to: 'foo', claimed: 'plain text', reading },
        tally: tallyOf([30, from('')], [1, unresolved]),
      },
    ],
    requests: 31,
    leak: 0.2,
    inForce: [],
  });
  expect(verdict.message.split('\n')[0]).toBe(
    'STRICT: legacy to foo: plain text, and not reset [suspect: the rule or the mesh]',
  );
});
