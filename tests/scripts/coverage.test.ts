import { expect, test } from 'vitest';
import { renderCoverage } from '../../scripts/coverage.ts';
import { claimsIn, readClaims, readTags, strayTags } from '../../scripts/coverage-rows.ts';
import { lastOf, remember } from '../../scripts/coverage-memory.ts';
import { listedIn, nameOf } from '../../scripts/listed.ts';

const claims = claimsIn(`| id | from | claim | state |
|---|---|---|---|
| **traffic** | | | |
| T01 | 000 | all to v3, then all to v4 | built |
| T05 | 003 002 | half a | b | built |
| B03 | 001 | dashboards | no Grafana here |
`);

test('claims are the rows with an id', () => {
  expect(claims.map(({ id, tutorials, state }) => [id, tutorials, state])).toEqual([
    ['T01', '000', 'built'],
    ['T05', '003 002', 'built'],
    ['B03', '001', 'no Grafana here'],
  ]);
  expect(claims[1]?.claim).toBe('half a | b');
});

test('a tag without a row is stray, once for each file', () => {
  const tag = (id: string) => ({ id, file: 'suites/a/a.spec.ts' });
  expect(strayTags(claims, [tag('T01'), tag('T99'), tag('T99')])).toEqual(['@T99 in suites/a/a.spec.ts']);
});

test('no tag of the suites is stray', async () => {
  const tags = await readTags();
  expect(tags.length).toBeGreaterThan(10);
  expect(strayTags(await readClaims(), tags)).toEqual([]);
});

const json = {
  suites: [
    {
      suites: [
        {
          specs: [
            {
              title: 'only v3',
              file: 'one/one.spec.ts',
              line: 4,
              tags: ['T01'],
              tests: [{ status: 'expected', results: [] }],
            },
            {
              title: 'in a browser',
              file: 'one/one.spec.ts',
              line: 9,
              tags: ['@T01'],
              tests: [
                {
                  status: 'skipped',
                  expectedStatus: 'skipped',
                  annotations: [{ type: 'skip', description: 'no Chromium' }],
                  results: [],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

test('tests are read from what Playwright lists or reports', () => {
  expect(listedIn(json).map(({ file, tags, verdict, note }) => [file, tags, verdict, note])).toEqual([
    ['suites/one/one.spec.ts', ['T01'], 'passed', ''],
    ['suites/one/one.spec.ts', ['T01'], 'skipped', 'no Chromium'],
  ]);
});

test('a test that the run did not reach keeps its last verdict, and the page says both', () => {
  const one = { file: 'suites/one/one.spec.ts', title: 'half', line: 1, tags: [], note: '' };
  const [monday, tuesday] = ['2026-11-16', '2026-11-17'];
  const earlier = remember({}, [{ ...one, verdict: 'passed' }], monday);
  const now = [{ ...one, verdict: 'not reached' as const }];
  expect(remember(earlier, now, tuesday)).toEqual(earlier);
  expect(lastOf(one, earlier, now, tuesday)).toBe('passed (2026-11-16); not reached (2026-11-17)');
  expect(lastOf(one, {}, now, tuesday)).toBe('not run yet; not reached (2026-11-17)');
  expect(lastOf(one, earlier, [], tuesday)).toBe('passed (2026-11-16)');
});

test('a failure that is no verdict does not take the place of one', () => {
  const [one] = listedIn(json);
  if (one === undefined) throw new Error('nothing is listed');
  const known = { [nameOf(one)]: 'passed (Monday)' };
  const disturbed = { ...one, verdict: 'failed', note: 'HarnessError: istiod was replaced [MESH_DISTURBED]' } as const;
  const red = { ...disturbed, note: 'Error: not split' };
  expect(remember(known, [disturbed], 'Tuesday')).toEqual(known);
  expect(lastOf(one, known, [disturbed], 'Tuesday')).toBe('passed (Monday); not judged (Tuesday)');
  expect(remember(known, [red], 'Tuesday')).toEqual({ [nameOf(one)]: 'failed (Tuesday)' });
});

test('each claim has a line, with its tests or why there is none', () => {
  const page = renderCoverage(
    claims,
    listedIn(json).map((one) => ({ ...one, rules: ['all-v3.yaml'], last: `${one.verdict} on Monday` })),
  );
  expect(page.split('\n').slice(2)).toEqual([
    '1 of 3 claims have a test. Made by every run of the suites from docs/scenarios.md and the tags.',
    '',
    '| id | from | claim | rules | tests | last verdict |',
    '|---|---|---|---|---|---|',
    '| T01 | 000 | all to v3, then all to v4 | all-v3.yaml | only v3 (suites/one/one.spec.ts:4)<br>in a browser (suites/one/one.spec.ts:9) | passed on Monday<br>skipped on Monday |',
    '| T05 | 003 002 | half a \\| b |  | **no test, although it is called built** |  |',
    '| B03 | 001 | dashboards |  | no test: no Grafana here |  |',
    '',
  ]);
});
