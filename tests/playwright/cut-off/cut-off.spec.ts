import { test } from '@playwright/test';

// In this order, one after the other, in a run that stops at the first failure.
test('passes', { tag: '@T01' }, () => undefined);

test('does not run here', { tag: '@T02' }, () => {
  test.skip(true, 'no Chromium');
});

test('fails', { tag: '@T03' }, () => {
  throw new Error('the rule never arrived');
});

test('comes too late', { tag: ['@T01', '@T04'] }, () => undefined);
