import { test } from '@playwright/test';

/** What a matcher says, as an attachment: a test that fails takes its worker with it, and a new one takes a second. */
export function told(title: string, judge: () => Promise<void>): void {
  test(title, async ({}, testInfo) => {
    const message = await judge().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    await testInfo.attach('message', { body: message, contentType: 'text/plain' });
  });
}
