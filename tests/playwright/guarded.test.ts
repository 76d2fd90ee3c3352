import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratch } from '../fakes/scratch.ts';
import { played } from './played.ts';

let failures: ReadonlyMap<string, string> = new Map();

const report = await scratch();

beforeAll(async () => {
  failures = await played('guarded', report.path);
});

afterAll(() => report[Symbol.asyncDispose]());

const disturbed = (what: string) => `HarnessError: During this test: ${what} [MESH_DISTURBED]`;
const panicked = 'MeshComplained: istiod in pod istiod-a crashed: panic: assignment to entry in nil map';

// Every test but the red verdicts is green by what it claims.
test.each([
  ['nothing happens', ''],
  ['a rule is left behind', 'MeshComplained: left behind: VirtualService istio-e2e-w0/left'],
  [
    'a proxy refuses its configuration',
    'MeshComplained: the proxy of pod prober-a refused its listeners: no such filter',
  ],
  ['a refusal is counted', 'MeshComplained: the proxy of pod prober-a refused its clusters'],
  ['an error names the slot', 'MeshComplained: istiod logged an error: model no endpoints for istio-e2e-w0/nodebook'],
  ['an error names another slot', ''],
  ['an error names none', ''],
  ['a pod is replaced', disturbed('pod prober-a of prober was replaced by prober-b')],
  ['a container begins anew', disturbed('istio-proxy of pod prober-a restarted (exit 137, OOMKilled)')],
  ['an Envoy crashes', 'MeshComplained: the proxy of pod prober-a crashed: signal: aborted'],
  // Of what is everybody's the guard of the run tells.
  ['istiod panics', ''],
  ['a pod goes on purpose', ''],
  ['a red verdict while a pod is replaced', disturbed('pod prober-a of prober was replaced by prober-b')],
  ['a red verdict while istiod is replaced', disturbed('pod istiod-a of istiod was replaced by istiod-b')],
  ['a red verdict while istiod panics', panicked],
])('%s: %s', (title, line) => {
  expect(failures.get(title)?.split('\n')[0]).toBe(line);
});
