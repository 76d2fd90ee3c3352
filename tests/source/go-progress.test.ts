import { expect, test } from 'vitest';
import { goProgress } from '../../mesh/source/packages/go-progress.ts';

test('a module that is fetched is no package that was compiled', () => {
  const told: string[] = [];
  const tell = goProgress((what) => told.push(what), ' of Prometheus');
  ['go: downloading istio.io/api v1.31.1', 'istio.io/api/networking', 'go: downloading a v1', 'k8s.io/api'].forEach(
    tell,
  );
  expect(told).toEqual([
    'Go: downloading istio.io/api v1.31.1',
    'Go: 1 packages of Prometheus compiled, at istio.io/api/networking',
    'Go: downloading a v1',
    'Go: 2 packages of Prometheus compiled, at k8s.io/api',
  ]);
});
