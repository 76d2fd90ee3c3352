import { expect, test } from 'vitest';
import { readFigures, renderTable, type Row } from '../../fixtures/reporters/table.ts';

const row = (change: Partial<Row>): Row => ({
  ids: ['T01'],
  title: 'all to v3',
  verdict: 'passed',
  seconds: 1,
  requests: 0,
  arrivals: [],
  note: '',
  ...change,
});

const rows = [
  row({ seconds: 1.25, requests: 688, arrivals: [150, 420] }),
  row({
    title: 'all to v4',
    verdict: 'failed',
    seconds: 2,
    requests: 688,
    arrivals: [200],
    note: 'subset v4 of nodebook has no ready pod',
  }),
  row({ ids: ['I01'], title: 'versions agree', seconds: 0.5 }),
  row({ ids: ['B03'], title: 'Grafana', verdict: 'skipped', seconds: 0, note: 'no Grafana image' }),
  row({ ids: ['B04'], title: 'Kiali', verdict: 'skipped', seconds: 0, note: 'no Grafana image' }),
];

test('scenarios in order, then totals, first lines of failures, and skips with their reasons', () => {
  expect(renderTable(rows, 12.34)).toBe(`| scenario | verdict | slowest arrival | requests | seconds |
| -------- | ------- | --------------: | -------: | ------: |
| B03      | skipped |               - |        - |     0.0 |
| B04      | skipped |               - |        - |     0.0 |
| I01      | passed  |               - |        - |     0.5 |
| T01      | failed  |          420 ms |     1376 |     3.3 |

2 tests passed, 1 failed, 2 skipped in 12.3 s; 1376 requests judged; rules arrived in 200 ms (median), 420 ms (slowest).

Failed:
- T01 all to v4
  subset v4 of nodebook has no ready pod

Skipped:
- 2 x no Grafana image (B03, B04)
`);
});

test('a scenario is not green before something of it was run', () => {
  expect(renderTable([row({ verdict: 'skipped', note: 'later' })], 0)).toContain('| T01      | skipped |');
});

test('figures are read from what a test attached', () => {
  const arrivals = [
    { rule: 'Gateway g', what: 'arrived', millis: 180 },
    { rule: 'Gateway g', what: 'gone', millis: 500 },
  ];
  expect(readFigures(JSON.stringify({ arrivals, samples: [{ asked: 66 }, { asked: 688 }] }))).toEqual({
    requests: 754,
    arrivals: [180],
  });
  expect(readFigures(undefined)).toEqual({ requests: 0, arrivals: [] });
});
