import { expect, test } from 'vitest';
import { differenceInWords } from '../../mesh/world/inventory.ts';

test('what came and what went is told line by line', () => {
  expect(differenceInWords(['a', 'b'], ['b', 'c'])).toEqual({ same: false, words: '- a\n+ c' });
});

test('a mesh that is as before says of how many rules', () => {
  const words = 'the mesh is as before: 2 rules, none of them new or changed';
  expect(differenceInWords(['a', 'b'], ['a', 'b'])).toEqual({ same: true, words });
});
