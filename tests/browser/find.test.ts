import { expect, test } from 'vitest';
import { findChromium } from '../../mesh/browser/find.ts';

const here = process.execPath;

test('the first of the usual places that holds a program', async () => {
  expect(await findChromium(undefined, ['/nowhere/chromium', here])).toBe(here);
  expect(await findChromium('', ['/nowhere/chromium'])).toBeUndefined();
});

test('a named one, or none: another would not be what was asked for', async () => {
  expect(await findChromium(here, [])).toBe(here);
  expect(await findChromium('/nowhere/chromium', [here])).toBeUndefined();
  expect(await findChromium(import.meta.filename, [here])).toBeUndefined();
});
