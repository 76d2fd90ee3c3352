import { expect, test } from 'vitest';
import { drainingCount } from '../../mesh/proxy/draining.ts';

test('listeners and parts of listeners that are on their way out are counted together', () => {
  const figures = [
    '# TYPE envoy_listener_manager_total_filter_chains_draining gauge',
    'envoy_listener_manager_total_filter_chains_draining{} 1',
    'envoy_listener_manager_total_listeners_draining{} 2',
    'envoy_listener_manager_total_listeners_active{} 30',
  ];
  expect(drainingCount(figures.join('\n'))).toBe(3);
  expect(drainingCount('')).toBe(0);
});
