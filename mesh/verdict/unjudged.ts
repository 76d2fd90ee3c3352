/**
 * What says that nothing was judged: fixtures and runs that came to no end, a worker that was killed, a disk without room, a verdict that blames neither rule
 * nor mesh, and what only a mistake in the harness or a suite throws. A claim that does not hold is an `Error`, but for a few of Playwright's own matchers.
 */
const unjudged = [
  /^(?:Type|Range|Reference|Syntax|Zod)Error: (?!expect\()/,
  /^Fixture ".*" timeout of \d+ms exceeded/,
  /^Test timeout of \d+ms exceeded while setting up/,
  /^Worker teardown timeout of/,
  /^Timed out waiting \d+s for the .* to run/,
  /worker process exited unexpectedly/,
  /ENOSPC|no space left on device/,
  /\[suspect: the (environment|harness)\]$/,
];

/**
 * Whether a failure, by its message, says nothing of the mesh. A rule that the API server refuses is a wrong rule, which is for the suite's author; every other
 * error of the harness is not a verdict.
 */
export function isUnjudged(message: string): boolean {
  const [first = ''] = message.split('\n');
  if (first.startsWith('HarnessError:')) return !first.includes('[KUBE_REFUSED]');
  return unjudged.some((pattern) => pattern.test(first));
}
