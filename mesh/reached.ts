/** How a test ended. `not reached`: the run ended before its turn, or in its middle, which is no verdict, and no reason to skip it either. */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'not reached';

/** As much of a test, in Playwright's words, as says how far it came. */
interface Came {
  /** `skipped` as soon as the test, or its declaration, says that it is not to be run. */
  readonly expectedStatus: string;
  readonly results: readonly { readonly status: string }[];
}

/** What it means that Playwright calls a test skipped: it has no other word for what came to no end. */
export function skippedOrNot({ expectedStatus, results }: Came): 'skipped' | 'not reached' {
  const interrupted = results.some(({ status }) => status === 'interrupted');
  return expectedStatus === 'skipped' && !interrupted ? 'skipped' : 'not reached';
}
