import { expect, test } from 'vitest';
import { readFigures, readWaits, type Row } from '../../fixtures/reporters/row.ts';
import { renderTable } from '../../fixtures/reporters/table.ts';

const row = (change: Partial<Row>): Row => ({
  ids: ['T01'],
  title: 'all to v3',
  verdict: 'passed',
  seconds: 1,
  fixed: 0,
  requests: 0,
  asking: 0,
  arrivals: [],
  note: '',
  excused: [],
  ...change,
});

const whole = { seconds: 12.34, workers: 2, troubles: [], excused: [], sure: { rows: [], words: '' } };
const rows = [
  row({ seconds: 1.25, requests: 688, asking: 0.5, arrivals: [150, 420], excused: ['the node slept'] }),
  row({
    title: 'all to v4',
    verdict: 'failed',
    seconds: 2,
    fixed: 1.5,
    requests: 688,
    asking: 0.5,
    arrivals: [200],
    note: 'subset v4 of nodebook has no ready pod',
  }),
  row({ ids: ['I01'], title: 'versions agree', seconds: 0.5 }),
  row({ ids: ['B03'], title: 'Grafana', verdict: 'skipped', seconds: 0, note: 'no Grafana image' }),
  row({ ids: ['B04'], title: 'Kiali', verdict: 'skipped', seconds: 0, note: 'no Grafana image' }),
];

test('scenarios in order, then totals, first lines of failures, and skips with their reasons', () => {
  expect(renderTable(rows, whole)).toBe(`| scenario | verdict | slowest arrival | requests | seconds |
| -------- | ------- | --------------: | -------: | ------: |
| B03      | skipped |               - |        - |     0.0 |
| B04      | skipped |               - |        - |     0.0 |
| I01      | passed  |               - |        - |     0.5 |
| T01      | failed  |          420 ms |     1376 |     3.3 |

2 tests passed, 1 failed, 2 skipped in 12.3 s by 2 workers; 1376 requests judged (112 a second over all, 1376 by each caller while it asked); rules arrived in 200 ms (median), 420 ms (slowest).

Slowest:

| own seconds | fixed delays | test               |
| ----------: | -----------: | ------------------ |
|         1.3 |          0.0 | T01 all to v3      |
|         0.5 |          1.5 | T01 all to v4      |
|         0.5 |          0.0 | I01 versions agree |

Failed:
- T01 all to v4
  subset v4 of nodebook has no ready pod

Skipped:
- 2 x no Grafana image (B03, B04)

Known, and no fault of these tests:
- 1 x the node slept
`);
});

test('what went wrong with the run as a whole stands first', () => {
  const troubles = ['During this run: pod istiod-a of istiod was replaced by istiod-b [MESH_DISTURBED]'];
  const excused = ['the node slept', 'the node slept'];
  const [first, ...rest] = renderTable(rows, { ...whole, troubles, excused }).split('\n');
  expect(first).toBe(troubles[0]);
  expect(rest).toContain('- 3 x the node slept');
});

test('fixed delays are declared by the test', () => {
  const waits = (description: string) => ({ type: 'waits', description });
  expect(readWaits([waits('7 s'), { type: 'skip', description: '3 s' }, waits('0.5 s')])).toBe(7.5);
});

test('a scenario is not green before something of it was run', () => {
  expect(renderTable([row({ verdict: 'skipped', note: 'later' })], whole)).toContain('| T01      | skipped |');
});

test('a scenario is not green either while a test of it was not reached', () => {
  const missed = row({ verdict: 'not reached', seconds: 60, note: 'the run ended before its turn' });
  const page = renderTable([row({}), missed, row({ ids: ['I01'] }), { ...missed, ids: ['I01', 'I02'] }], whole);
  for (const id of ['T01', 'I01', 'I02']) expect(page).toContain(`| ${id}      | not reached |`);
  expect(page).toContain('2 tests passed, 0 failed, 0 skipped, 2 not reached in');
  expect(page).toContain('Not reached, which is no verdict:\n- 2 x the run ended before its turn (T01, I01, I02)\n');
  expect(page).not.toContain('Skipped:');
  // How long it took before it was cut off says nothing of it.
  expect(page).not.toContain('| 60.0 ');
  expect(renderTable([missed, row({ verdict: 'failed' })], whole)).toContain('| T01      | failed  |');
});

test('figures are read from what a test attached', () => {
  const arrivals = [
    { rule: 'Gateway g', what: 'arrived', millis: 180 },
    { rule: 'Gateway g', what: 'gone', millis: 500 },
  ];
  expect(
    readFigures(
      JSON.stringify({
        arrivals,
        samples: [
          { asked: 66, seconds: 0.1 },
          { asked: 688, seconds: 0.4 },
        ],
      }),
    ),
  ).toEqual({
    requests: 754,
    asking: 0.5,
    arrivals: [180],
  });
  expect(readFigures(undefined)).toEqual({ requests: 0, asking: 0, arrivals: [] });
});

test('a scenario of which a test was skipped has not passed as a whole', () => {
  const part = [row({}), row({ title: 'in a browser', verdict: 'skipped', note: 'no Chromium' })];
  expect(renderTable(part, whole)).toContain('| T01      | passed in part |');
});
