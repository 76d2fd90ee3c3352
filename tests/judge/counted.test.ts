import { describe, expect, test } from 'vitest';
import { flawsOfGrowth } from '../../mesh/judge/counted.ts';

const labels = { reporter: 'source', response_code: '200', source_principal: 'prober' };
const claims = [{ labels, by: 66 }];
const grown = (value: number, change: object = {}) => ({ labels: { ...labels, flags: '-', ...change }, value });

describe('the growth of a counter', () => {
  test('is exactly what was sent, in one series or in several', () => {
    expect(flawsOfGrowth([grown(66)], claims)).toEqual([]);
    expect(flawsOfGrowth([grown(60), grown(6, { flags: 'DI' })], claims)).toEqual([]);
    expect(flawsOfGrowth([], [])).toEqual([]);
  });

  test.each([
    [
      'counts twice',
      [grown(132)],
      'istio_requests_total{reporter="source", response_code="200", source_principal="prober"} grew by 132, and not by 66',
    ],
    [
      'misses one',
      [grown(65)],
      'istio_requests_total{reporter="source", response_code="200", source_principal="prober"} grew by 65, and not by 66',
    ],
    [
      'lacks a label',
      [{ labels: { reporter: 'source', response_code: '200' }, value: 66 }],
      'no istio_requests_total{reporter="source", response_code="200", source_principal="prober"} has grown, and 66 were claimed: the nearest grew by 66, and its source_principal is missing, and not prober',
    ],
    [
      'has nothing',
      [],
      'no istio_requests_total{reporter="source", response_code="200", source_principal="prober"} has grown, and 66 were claimed: no series has',
    ],
    [
      'names somebody else',
      [grown(66, { source_principal: 'somebody', response_code: '503' }), grown(66, { source_principal: '' })],
      'no istio_requests_total{reporter="source", response_code="200", source_principal="prober"} has grown, and 66 were claimed: the nearest grew by 66, and its source_principal is empty, and not prober',
    ],
    [
      'counts what nobody claimed',
      [grown(66), grown(1, { response_code: '503' })],
      'istio_requests_total{reporter="source", response_code="503", source_principal="prober", flags="-"} grew by 1 too',
    ],
  ])('is wrong where it %s', (_, series, first) => {
    expect(flawsOfGrowth(series, claims)[0]).toBe(first);
  });
});
