import { setTimeout as pause } from 'node:timers/promises';
import { test } from '@playwright/test';

test.describe.configure({ timeout: 700 });

const forever = () => pause(60_000);

test('in a step of a step', async () => {
  await test.step('Quick', () => Promise.resolve());
  await test.step('Outer', () => test.step('Inner', forever));
});

test('between its steps', async () => {
  await test.step('Quick', () => Promise.resolve());
  await forever();
});

test('claims what does not hold', () => {
  throw new Error('no');
});
