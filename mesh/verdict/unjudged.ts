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

/** A rule that the API server refuses is a wrong rule, which is for the suite's author; what of Istio itself fails is for its release's. */
const verdicts = /\[(?:KUBE_REFUSED|WEBHOOK_BROKEN|ISTIO_CRASHED|SIDECAR_CRASHED)\]/;

/** Whether a failure, by its message, says nothing of the mesh: of the harness's own errors, nearly every one. */
export function isUnjudged(message: string): boolean {
  const [first = ''] = message.split('\n');
  if (first.startsWith('HarnessError:')) return !verdicts.test(first);
  return unjudged.some((pattern) => pattern.test(first));
}
