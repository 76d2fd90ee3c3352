import { expect, test } from 'vitest';
import type { Page, TestInfo } from '@playwright/test';
import { Visitor } from '../../fixtures/visitor.ts';
import { inBrowser } from '../../mesh/browser/died.ts';
import { HarnessError } from '../../mesh/errors.ts';

const log = '\nCall log:\n  - navigating to "http://w0/productpage", waiting until "load"';
const failing = (message: string) =>
  inBrowser('Looking at the page as jason', () => Promise.reject(new Error(message)));

// As Playwright 1.65 words it.
test.each([
  'locator.waitFor: Target crashed ',
  'page.goto: Page crashed',
  'page.goto: Navigation failed because page crashed!',
  'page.goto: Target page, context or browser has been closed',
  'browser.newContext: Target page, context or browser has been closed',
  'browserType.launch: Target page, context or browser has been closed',
  "browserType.launch: Failed to launch chromium because executable doesn't exist at /usr/bin/chromium",
  'page.screenshot: Protocol error (Page.captureScreenshot): Target closed',
  'browser.newPage: Browser has been closed',
])('a browser that is gone is a matter of the environment: %s', async (message) => {
  const failure = failing(message + log);
  await expect(failure).rejects.toMatchObject({ code: 'BROWSER_DIED', blame: 'environment' });
  await expect(failure).rejects.toThrow(`Looking at the page as jason: ${message} [BROWSER_DIED]\n`);
  await expect(failure).rejects.toHaveProperty('cause.message', message + log);
});

test.each([
  'page.goto: net::ERR_CONNECTION_REFUSED at http://w0/productpage',
  'page.goto: net::ERR_CONNECTION_CLOSED at http://w0/productpage',
  'page.goto: net::ERR_EMPTY_RESPONSE at http://w0/productpage',
  'page.goto: net::ERR_ABORTED at http://w0/productpage',
  'locator.waitFor: Timeout 5000ms exceeded.',
  'locator.count: Unexpected token\n  Target page, context or browser has been closed',
])('what the page does is a matter of the mesh: %s', async (message) => {
  const failure = failing(message + log);
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.not.toBeInstanceOf(HarnessError);
});

test('what goes well comes back', async () => {
  expect(await inBrowser('Looking', () => Promise.resolve('black stars'))).toBe('black stars');
});

/** A visitor whose page comes to this. */
function visitorBefore(message: string): Visitor {
  const goto = () => Promise.reject(new Error(message + log));
  return new Visitor({ goto } as unknown as Page, {} as TestInfo, () => []);
}

test.each([
  [
    'page.goto: Page crashed',
    'Looking at the page as somebody who has not signed in: page.goto: Page crashed [BROWSER_DIED]',
  ],
  ['page.goto: net::ERR_EMPTY_RESPONSE at http://w0/', 'page.goto: net::ERR_EMPTY_RESPONSE at http://w0/'],
])('a visitor tells %s as what it is', async (message, told) => {
  await expect(visitorBefore(message).look()).rejects.toThrow(told);
});

test('so does one who signs in or out, and stays who they are', async () => {
  const visitor = visitorBefore('page.goto: Target page, context or browser has been closed');
  await expect(visitor.signIn('jason')).rejects.toThrow(/^Signing in as jason: .* \[BROWSER_DIED\]/);
  expect(visitor.who).toBe('somebody who has not signed in');
});
