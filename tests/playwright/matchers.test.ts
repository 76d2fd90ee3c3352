import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

const sample = fileURLToPath(new URL('sample', import.meta.url));
const cli = fileURLToPath(new URL('../../node_modules/@playwright/test/cli.js', import.meta.url));
const result = z.object({
  status: z.string(),
  error: z.object({ message: z.string() }).optional(),
  attachments: z.array(z.object({ name: z.string(), body: z.string().optional() })),
});
const spec = z.object({ title: z.string(), tests: z.array(z.object({ results: z.array(result) })) });
const report = z.object({ suites: z.array(z.object({ specs: z.array(spec) })) });

/** What the matcher said in each test of the sample suite: '' where it held. */
const messages = new Map<string, string>();

beforeAll(async () => {
  const printed = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [cli, 'test', '-c', sample, '--reporter', 'json', '--workers', '1'],
      { maxBuffer: 1e7 },
      (_error, stdout) => {
        resolve(stdout);
      },
    );
  });
  for (const { title, tests } of report.parse(JSON.parse(printed)).suites.flatMap(({ specs }) => specs)) {
    const [outcome] = tests[0]?.results ?? [];
    const attached = outcome?.attachments.find(({ name }) => name === 'message')?.body ?? '';
    const said = outcome?.error?.message ?? Buffer.from(attached, 'base64').toString();
    messages.set(title, stripVTControlCharacters(said).replace(/^Error: /, ''));
  }
}, 60_000);

const asked = (requests: number) =>
  `  asked once: ${requests} requests in 0.4 s\n  rules in force: DestinationRule nodebook, VirtualService nodebook`;

test.each(['serve only', 'split', 'answer', 'refused', 'hand-over', 'hear from all'])('%s can hold', (matcher) => {
  expect(messages.get(`${matcher}: good`)).toBe('');
});

test('a red verdict fails its test, with the cause in the first line', () => {
  expect(messages.get('a red verdict fails its test')?.split('\n')[0]).toBe(
    'caller to nodebook: 1 of 135 requests were not served by v4',
  );
});

test.each([
  [
    'serve only: one other',
    `caller to nodebook: 1 of 135 requests were not served by v4
  expected: only v4
  seen: 134 x 200 from v4, 1 x 200 from v3
${asked(135)}`,
  ],
  [
    'serve only: scaled to zero',
    `caller to nodebook: subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready)
  so that: 135 of 135 requests were not served by v4
  expected: only v4
  seen: 135 x 503 "no healthy upstream"
${asked(135)}
  look first at: the environment`,
  ],
  [
    'split: 60 to 40',
    `caller to nodebook: not split v1 50 %, v2 50 %: v1 served 952 of 1586 (60.0 %), believable are 696 to 890; v2 served 634 of 1586 (40.0 %), believable are 696 to 890; a right mesh shows this less than once in 1,000,000 runs
  expected: v1 696 to 890, v2 696 to 890 of 1586
  seen: 952 x 200 from v1, 634 x 200 from v2
${asked(1586)}`,
  ],
  [
    'split: one lost',
    `caller to nodebook: not split v1 50 %, v2 50 %: 1 of 1586 requests were served by none of them
  expected: v1 696 to 890, v2 696 to 890 of 1586
  seen: 793 x 200 from v1, 792 x 200 from v2, 1 x connection reset
${asked(1586)}`,
  ],
  [
    'answer: by another',
    `caller to nodebook: 66 of 66 requests did not come to 404 and no version, by istio-envoy
  expected: only 404 and no version, by istio-envoy
  seen: 66 x 404 "Not Found"
${asked(66)}`,
  ],
  [
    'refused: for another reason',
    `caller to nodebook: nothing listens on that port: no Gateway opens it on that proxy
  so that: 66 of 66 requests were not refused with reset
  expected: only refusals: reset
  seen: 66 x refused: nothing listens there
${asked(66)}
  look first at: the mesh`,
  ],
  [
    'hand-over: with a loss',
    `caller to nodebook: the route to nodebook names a subset that no DestinationRule declares (NC)
  so that: 2 of 22 requests were lost while v3 handed over to v4
  expected: v3, then v4, and no error
  seen: 10 x 200 from v3, 10 x 200 from v4, 2 x 503 without a version
  both served for 9 ms
${asked(22)}
  look first at: the mesh`,
  ],
  [
    'hand-over: of nothing',
    `caller to nodebook: nothing was handed over: 0 requests were served by v3, 20 by v4
  expected: v3, then v4, and no error
  seen: 20 x 200 from v4
  both served for 0 ms
${asked(20)}`,
  ],
  [
    'hear from all: one is silent',
    `caller to nodebook: nothing was heard from v4
  expected: answers from v3 and v4
  seen: 66 x 200 from v3
${asked(66)}`,
  ],
  ['serve only: misuse', 'toServeOnly has no opposite: say which version serves instead.'],
  ['split: misuse', 'A split has two or more branches that make 100 %; seen: v1 50 %, v2 60 %.'],
])('%s, word for word', (title, text) => {
  expect(messages.get(title)).toBe(text);
});
