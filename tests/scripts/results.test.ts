import { describe, expect, test } from 'vitest';
import { summarize, wholeIn } from '../../scripts/results.ts';

const spec = (status: string, message?: string) => ({
  tests: [
    {
      status,
      expectedStatus: status === 'skipped' ? status : 'passed',
      results: [{ errors: message === undefined ? [] : [{ message }] }],
    },
  ],
});
const reportOf = (...specs: ReturnType<typeof spec>[]) => ({
  suites: [{ specs: specs.slice(0, 1), suites: [{ specs: specs.slice(1) }] }],
});

describe('results', () => {
  test('are counted over all nested suites', () => {
    const seen = summarize(
      reportOf(spec('expected'), spec('unexpected', 'Error: nodebook is not split'), spec('skipped'), spec('expected')),
    );
    expect(seen).toEqual({
      ...{ passed: 2, failed: 1, skipped: 1, notReached: 0 },
      ...{ notJudged: 0, outside: [], outsideNotJudged: 0 },
    });
  });

  test.each([
    ['had no turn', 'passed', []],
    ['was cut off by the time limit', 'passed', [{ status: 'skipped' }]],
    ['was cut off by a failure beside it', 'passed', [{ status: 'interrupted' }]],
    ['was interrupted as it said that it does not run here', 'skipped', [{ status: 'interrupted' }]],
  ])('a test that %s was not reached, and is not skipped', (_, expectedStatus, results) => {
    const seen = summarize({ suites: [{ specs: [{ tests: [{ status: 'skipped', expectedStatus, results }] }] }] });
    expect(seen).toMatchObject({ passed: 0, failed: 0, skipped: 0, notReached: 1 });
  });

  test('that a run stopped where it was told to is no error of its own', () => {
    const message = '\u001b[31mTesting stopped early after 1 maximum allowed failures.\u001b[39m';
    expect(summarize({ errors: [{ message }] }).outside).toEqual([]);
    expect(wholeIn({ errors: [{ message }] }).red).toEqual([]);
  });

  test('a failure of the harness is no verdict on the mesh', () => {
    const message =
      '\u001b[31mHarnessError\u001b[39m: Speaking to the API server: GET /readyz failed [KUBE_UNREACHABLE]';
    expect(summarize(reportOf(spec('unexpected', message))).notJudged).toBe(1);
  });

  test('a rule that is refused is', () => {
    const message = 'HarnessError: Applying VirtualService w0/nodebook: the API server answered 400 [KUBE_REFUSED]';
    expect(summarize(reportOf(spec('unexpected', message))).notJudged).toBe(0);
  });

  test('a mesh that was disturbed during the run is no verdict, one that complained is', () => {
    const disturbed = 'HarnessError: During this run: pod istiod-a of istiod was replaced by istiod-b [MESH_DISTURBED]';
    const complained = 'MeshComplained: the proxy of pod prober-1 refused its listeners';
    const { outside, outsideNotJudged } = summarize({ errors: [{ message: disturbed }, { message: complained }] });
    expect([outside.length, outsideNotJudged]).toEqual([2, 1]);
  });

  test.each([
    'HarnessError: Listing Pod: the API server answered 403: pods is forbidden [KUBE_FORBIDDEN]',
    'HarnessError: Applying Gateway: the API server answered 500: no endpoints for the webhook [KUBE_FAILED]',
    'Error: caller to nodebook: subset v3 of nodebook has no ready pod (0 of 1) [suspect: the environment]',
    'Fixture "the rules of the test" timeout of 120000ms exceeded during teardown.',
    'Test timeout of 60000ms exceeded while setting up "the cluster".',
    '\u001b[31mTimed out waiting 900s for the entire test run to run\u001b[39m',
    'Error: worker process exited unexpectedly (code=null, signal=SIGKILL)',
    "Error: ENOSPC: no space left on device, open 'report/excused.json'",
    "TypeError: Cannot read properties of undefined (reading 'status')",
    'RangeError: A split has two or more branches that make 100 %; seen: v1 50 %, v2 60 %.',
    'ReferenceError: nodebok is not defined',
    'SyntaxError: /istio-e2e/suites/retries/retries.spec.ts: Unexpected token (3:5)',
    '\u001b[31mZodError\u001b[39m: [\n  {\n    "expected": "number"',
  ])('%s: nothing was judged', (message) => {
    expect(summarize(reportOf(spec('unexpected', message))).notJudged).toBe(1);
    expect(summarize({ errors: [{ message }] }).outsideNotJudged).toBe(1);
  });

  test.each([
    'Error: caller to nodebook: kubia is not split [suspect: the rule or the mesh]',
    'RuleNeverArrived: Gateway w0/g never reached pod prober (waited 15.0 s) [suspect: the mesh]',
    'Test timeout of 60000ms exceeded.',
    'Error: The mesh-wide outbound policy never reached every proxy (waited 15 s): istio-e2e-w0/prober-1 is open',
    'Error: The mesh is not as it was before the test:\n- ConfigMap istio-system/istio',
    'Error: The configuration of the mesh is not what it was before the test.',
    'Error: expect(received).rejects.toThrow()\n\nReceived: TypeError: fetch failed',
    '\u001b[31mTypeError\u001b[39m: \u001b[2mexpect(\u001b[22mreceived\u001b[2m).\u001b[22mtoHaveLength',
  ])('%s: that is a verdict', (message) => {
    expect(summarize(reportOf(spec('unexpected', message))).notJudged).toBe(0);
  });

  test('errors outside of tests are kept', () => {
    expect(summarize({ errors: [{ message: 'Error: No tests found' }] }).outside).toEqual(['Error: No tests found']);
  });

  test('a run comes to its time, its requests, and the first lines of what failed', () => {
    const figures = { samples: [{ asked: 688 }, { asked: 12 }] };
    const body = Buffer.from(JSON.stringify(figures)).toString('base64');
    const failed = {
      title: 'half and half',
      tags: ['T05', 'probation'],
      tests: [
        {
          status: 'unexpected',
          results: [
            {
              errors: [{ message: '\u001b[31mError\u001b[39m: kubia is not split\n  seen: 60' }],
              attachments: [{ name: 'figures.json', body }, { name: 'tally.txt' }],
            },
          ],
        },
      ],
    };
    const whole = wholeIn({
      suites: [{ specs: [spec('expected'), failed] }],
      errors: [{ message: 'HarnessError: During this run: gone\n  more' }],
      stats: { duration: 12_500 },
    });
    expect(whole).toEqual({
      seconds: 12.5,
      requests: 700,
      red: [
        { test: 'the run as a whole', line: 'HarnessError: During this run: gone' },
        { test: 'T05 half and half', line: 'Error: kubia is not split' },
      ],
    });
  });
});
