import { expect, test } from 'vitest';
import { growth, labelsInWords, seriesIn } from '../../mesh/metrics/series.ts';

const page = `# TYPE envoy_istiocustom_istio_requests_total counter
envoy_istiocustom_istio_requests_total{reporter="source",path="a \\"b\\" c\\\\d, e"} 66
envoy_istiocustom_istio_requests_total{reporter="destination"} 3 1700000000000
envoy_server_live{} 1
istio_requests_total_other{reporter="source"} 5
`;

test('reads the series of one metric', () => {
  expect(seriesIn(page, (name) => name.endsWith('_istio_requests_total'))).toEqual([
    { labels: { reporter: 'source', path: 'a "b" c\\d, e' }, value: 66 },
    { labels: { reporter: 'destination' }, value: 3 },
  ]);
  expect(seriesIn(page, (name) => name === 'envoy_server_live')).toEqual([{ labels: {}, value: 1 }]);
});

test('tells what has grown, in whichever order the labels come', () => {
  const before = [
    { labels: { a: '1', b: '2' }, value: 10 },
    { labels: { a: '2' }, value: 7 },
  ];
  const after = [
    { labels: { b: '2', a: '1' }, value: 12 },
    { labels: { a: '2' }, value: 7 },
    { labels: { a: '3' }, value: 4 },
  ];
  expect(growth(before, after)).toEqual([
    { labels: { b: '2', a: '1' }, value: 2 },
    { labels: { a: '3' }, value: 4 },
  ]);
});

test('says labels as Prometheus does', () => {
  expect(labelsInWords({ reporter: 'source', response_code: '200' })).toBe('{reporter="source", response_code="200"}');
});
