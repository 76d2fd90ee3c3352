import { expect, test } from 'vitest';
import { visibleTo } from '../../mesh/world/visibility.ts';

const named = (kind: string, annotations?: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'nodebook', ...(annotations === undefined ? {} : { annotations }) },
});

test('a Service is shown to the namespaces that may ask it, and keeps its other annotations', () => {
  expect(visibleTo(named('Service', { team: 'blue' }), ['.', 'istio-system']).metadata.annotations).toEqual({
    team: 'blue',
    'networking.istio.io/exportTo': '.,istio-system',
  });
});

test('what is no Service stays as it is', () => {
  expect(visibleTo(named('Deployment'), ['.'])).toEqual(named('Deployment'));
});
