import { expect, test } from 'vitest';
import { countLines, isWritten, linesInWords } from '../../mesh/judge/written.ts';

const lines = [
  { status: 503, flags: ['UO'] },
  { status: 503, flags: ['UO'] },
  { status: 200, flags: [] },
  { status: 500, flags: ['DI', 'FI'] },
];

test('lines in words, the most frequent first', () => {
  expect(linesInWords(countLines(lines))).toBe('2 x 503 UO, 1 x 200, 1 x 500 DI FI');
  expect(linesInWords([])).toBe('no line');
});

test('exactly the lines that are wanted', () => {
  const wanted = [
    { status: 503, flag: 'UO', times: 2 },
    { status: 200, times: 1 },
    { status: 500, flag: 'FI', times: 1 },
  ];
  expect(isWritten(countLines(lines), wanted)).toBe(true);
  expect(isWritten(countLines(lines.slice(1)), wanted)).toBe(false);
  expect(isWritten(countLines(lines), wanted.slice(1))).toBe(false);
  expect(isWritten(countLines([...lines, { status: 200, flags: [] }]), wanted)).toBe(false);
});
