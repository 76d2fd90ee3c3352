import { HarnessError } from '../errors.ts';

/** Playwright leaves a test that ran out of time, and does not stop it: what it does from then on is done to the tests after it. */
export function testOver(doing: string): HarnessError {
  return new HarnessError({
    code: 'TEST_OVER',
    blame: 'environment',
    doing,
    expected: 'a test that is running',
    seen: 'the test has ended, and what it had changed is being taken back',
    next: 'nothing where it ran out of time, which is told of it; else await in the test what it begins',
  });
}
