import { firstLine, HarnessError, messageOf } from '../errors.ts';

/** How Playwright words it where there is no browser or no page any more. What a page answers, or that nobody answers, is none of these. */
const deaths = [
  /^browserType\.launch: /,
  /\b(?:Target|[Pp]age) crashed\b/,
  /\b(?:Target|Target page, context or browser|Browser|Page|Pipe) (?:has been )?closed\b/,
  /\b(?:Session|Connection) closed\b/,
];

/**
 * Does something with a browser. One that goes down says nothing of what it was to show.
 *
 * @param doing `Loading /productpage`
 * @throws HarnessError BROWSER_DIED where the browser itself is why it could not be done
 */
export async function inBrowser<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const seen = firstLine(messageOf(error));
    if (error instanceof HarnessError || !deaths.some((pattern) => pattern.test(seen))) throw error;
    throw new HarnessError({
      code: 'BROWSER_DIED',
      blame: 'environment',
      doing,
      expected: 'a browser that starts, and lives on until it is closed',
      seen,
      next: 'see whether the machine has memory left for one: `npm run doctor`; and run it again',
      cause: error,
    });
  }
}
