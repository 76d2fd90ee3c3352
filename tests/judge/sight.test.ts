import { expect, test } from 'vitest';
import { sightInWords } from '../../mesh/judge/sight.ts';

const sight = { reviews: 2, stars: [], apologies: [] };

test.each([
  [sight, 'no stars'],
  [{ ...sight, stars: ['black', 'black'] }, 'black stars'],
  [{ ...sight, stars: ['red', 'black'] }, 'black and red stars'],
  [{ ...sight, stars: ['red'] }, 'red stars on 1 of 2 reviews'],
  [{ ...sight, reviews: 0 }, 'no reviews at all'],
  [{ ...sight, reviews: 0, apologies: ['Sorry.'] }, 'Sorry.'],
])('%o is seen as %s', (seen, words) => {
  expect(sightInWords(seen)).toBe(words);
});
