import { expect, test } from 'vitest';
import { renderSoak, verdictsInWords } from '../../mesh/soak/page.ts';
import { parseEntry } from '../../mesh/soak/run-entry.ts';
import { entry, footprint } from './entries.ts';

const entries = [
  entry(1),
  entry(2, {
    verdict: 'red',
    failed: 1,
    workers: 1,
    red: [{ test: 'T05 half & half', line: 'outside to kubia: <b>60</b> of 100 [suspect: the mesh]' }],
  }),
  entry(3, { verdict: 'environment', failed: 1, red: [{ test: 'T05 half & half', line: 'HarnessError: gone' }] }),
  entry(4, { after: footprint(101, 401), left: ['+1 Pod istio-e2e-w0'] }),
];
const page = renderSoak(entries);

test('the page has a square for every run, and the reds with the order that repeats them', () => {
  expect(verdictsInWords(entries)).toBe('2 green, 1 red, 1 environment');
  expect(page.match(/<span class="(green|red|environment)"/g)).toHaveLength(4);
  expect(page).toContain('T05 half &amp; half (2 of 4 runs)');
  expect(page).toContain('<td>--shuffle 7-2 --workers 1</td>');
  expect(page).toContain('+1 Pod istio-e2e-w0');
});

test('what a run did not reach has a column of its own; ledgers from before it count it among the skipped', () => {
  const cutOff = renderSoak([entry(1, { verdict: 'environment', skipped: 3, notReached: 41 })]);
  expect(cutOff).toContain('<th>skipped</th><th>not reached</th>');
  expect(cutOff).toContain('<td class="number">3</td><td class="number">41</td>');
  const before = JSON.stringify({ ...entry(1), notReached: undefined });
  expect(parseEntry(before).notReached).toBe(0);
});

test('nothing of what the mesh said becomes markup', () => {
  expect(page).not.toContain('<b>');
  expect(page).toContain('&lt;b&gt;60&lt;/b&gt;');
});

test('every figure is drawn with a dot for each run, and nothing is fetched from elsewhere', () => {
  expect(page.match(/<svg /g)).toHaveLength(14);
  expect(page.match(/<title>run 4: /g)).toHaveLength(14);
  expect(page).not.toMatch(/NaN|undefined|https?:/);
});

test('an empty ledger is a page too', () => {
  expect(renderSoak([])).toContain('0 runs of nothing');
});
