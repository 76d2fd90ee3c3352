import { expect, test } from 'vitest';
import { isUnjudged } from '../../mesh/verdict/unjudged.ts';

/** As a report has them: the error's name before the message, of which only the first line counts. */
test.each([
  [
    'a command of the harness that failed',
    'HarnessError: Installing Istio: `istioctl` exited with 1\n    x [COMMAND_FAILED]',
  ],
  ['a pod that went away', 'HarnessError: During this test: pod a was replaced [MESH_DISTURBED]'],
  [
    'what the environment is suspected of',
    'Error: subset v1 has no ready pod [suspect: the environment]\n  expected: v1',
  ],
  ['what the harness is suspected of', 'Error: requests were sent of which nobody knows [suspect: the harness]'],
  ['a mistake in the code', 'TypeError: nothing is not a function'],
  ['a fixture that came to no end', 'Fixture "world" timeout of 60000ms exceeded during setup.'],
  ['a test that could not begin', 'Test timeout of 60000ms exceeded while setting up "world".'],
  ['a worker that is gone', 'Error: worker process exited unexpectedly (code=null, signal=SIGKILL)'],
  ['a full disk', 'Error: ENOSPC: no space left on device, write'],
])('not judged: %s', (_, message) => {
  expect(isUnjudged(message)).toBe(true);
});

test.each([
  ['a rule that was refused', 'HarnessError: Applying VirtualService a: it is invalid [KUBE_REFUSED]'],
  [
    "a webhook of Istio's that fails",
    'HarnessError: Applying VirtualService a: x509: unknown authority [WEBHOOK_BROKEN]',
  ],
  ['a claim that does not hold', 'Error: 1 of 135 requests was not served by v4 [suspect: the rule or the mesh]'],
  [
    'an istioctl that fails',
    'Error: istioctl analyze exited with 2: panic: nil map [suspect: the mesh]\n  expected: x',
  ],
  [
    'an istioctl that fails, whatever stands below',
    'Error: istioctl analyze exited with 1: no [suspect: the mesh]\n    TypeError: x\n    ENOSPC\n    x [suspect: the environment]',
  ],
  ['a matcher of Playwright that is given what it cannot take', 'TypeError: expect(received).toHaveLength(expected)'],
  ['a test that took too long', 'Test timeout of 60000ms exceeded.'],
])('judged: %s', (_, message) => {
  expect(isUnjudged(message)).toBe(false);
});
