import { expect, test } from 'vitest';
import { type Books, judgeBreaker } from '../../mesh/judge/breaker.ts';
import { failed, from, noEndpoint, tallyOf } from './samples.ts';

const overflow = failed(503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow');
const books: Books = {
  sent: 10,
  tally: tallyOf([2, from('v4')], [8, overflow]),
  overflows: 8,
  served: 2,
};
const open: Books = { sent: 10, tally: tallyOf([10, from('v4')]), overflows: 0, served: 10 };

test.each([
  ['so many', books, 8],
  ['some', books, 'some'],
  ['none', open, 'none'],
] as const)('%s: all agree', (_, seen, claimed) => {
  expect(judgeBreaker(seen, 'v4', claimed).pass).toBe(true);
});

test.each([
  ['another number', books, 7],
  ['none were to be', books, 'none'],
  ['some were to be', open, 'some'],
  ['the proxy counted one more', { ...books, overflows: 9 }, 8],
  ['the back end served one more', { ...books, served: 3 }, 8],
  ['one was lost', { ...books, sent: 11 }, 8],
  ['another version answered', { ...books, tally: tallyOf([2, from('v3')], [8, overflow]) }, 8],
  ['another 503', { ...books, tally: tallyOf([2, from('v4')], [7, overflow], [1, noEndpoint]), overflows: 7 }, 'some'],
  ['nobody was served', { ...books, tally: tallyOf([10, overflow]), overflows: 10, served: 0 }, 'some'],
  ['nobody asked', { sent: 0, tally: [], overflows: 0, served: 0 }, 'none'],
] as const)('%s: red', (_, seen, claimed) => {
  expect(judgeBreaker(seen, 'v4', claimed).pass).toBe(false);
});
