import { describe, expect, test } from 'vitest';
import { judgeEjection } from '../../mesh/judge/ejection.ts';
import type { Outcome } from '../../mesh/judge/outcome.ts';
import { from, noEndpoint } from './samples.ts';

const every10 = (start: number, end: number, ...turns: readonly Outcome[]) =>
  Array.from({ length: (end - start) / 10 }, (_, index) => ({
    atMillis: start + 10 * index,
    outcome: turns[index % turns.length] ?? noEndpoint,
  }));
const both = (start: number, end: number) => every10(start, end, from('v3'), from('v4'));
const ejected = { for: 3000, check: 1000 };

describe('ejection', () => {
  test('away for as long as it must, then back, and nothing lost', () => {
    const steps = [...both(0, 1000), ...every10(1000, 4500, from('v4')), ...both(4500, 5000)];
    expect(judgeEjection(steps, 'v3', ejected)).toMatchObject({ pass: true, away: 3520, lost: [] });
  });

  test.each([
    ['it was never away', both(0, 5000)],
    ['it was away too short', [...both(0, 1000), ...every10(1000, 3000, from('v4')), ...both(3000, 5000)]],
    ['it was away too long', [...both(0, 1000), ...every10(1000, 6500, from('v4')), ...both(6500, 7000)]],
    ['it never came back', [...both(0, 1000), ...every10(1000, 9000, from('v4'))]],
    ['it was never there', every10(0, 9000, from('v4'))],
    ['requests were lost', [...both(0, 1000), ...every10(1000, 4500, noEndpoint), ...both(4500, 5000)]],
    ['nobody asked', []],
  ])('%s', (_, steps) => {
    expect(judgeEjection(steps, 'v3', ejected).pass).toBe(false);
  });

  test('not ejected means never away for long', () => {
    expect(judgeEjection(both(0, 2000), 'v3', { for: 0, check: 0 }).pass).toBe(true);
    const steps = [...both(0, 1000), ...every10(1000, 4500, from('v4')), ...both(4500, 5000)];
    expect(judgeEjection(steps, 'v3', { for: 0, check: 0 }).pass).toBe(false);
  });
});
