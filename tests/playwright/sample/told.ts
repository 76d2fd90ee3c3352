import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@playwright/test';

/** How the first line ends where no cause can be read. */
const unsuspected = ' [suspect: the rule or the mesh]';

/**
 * A matcher is given an input: it says nothing where that is good, and otherwise begins with these lines. Its own failure does not fail the test, which
 * would take the worker with it.
 *
 * @param title `toServeOnly: one other`
 */
export function told(title: string, judge: () => unknown, expected: string | RegExp = ''): void {
  test(title, async () => {
    const message = await said(judge);
    if (typeof expected !== 'string') expect(message).toMatch(expected);
    else if (expected === '') expect(message).toBe('');
    else expect(beginning(message, expected.split('\n').length)).toBe(expected);
  });
}

async function said(judge: () => unknown): Promise<string> {
  try {
    await judge();
    return '';
  } catch (error) {
    const message = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
    // How long something took is the machine's.
    return message.replace(unsuspected, '').replace(/\(waited \d+\.\d s\)/, '(waited a while)');
  }
}

function beginning(message: string, lines: number): string {
  return message.split('\n').slice(0, lines).join('\n');
}

/** The last lines of a verdict on so many requests. */
export const asked = (requests: number) =>
  `  asked once: ${requests} requests in 0.4 s\n  rules in force: DestinationRule nodebook, VirtualService nodebook`;
