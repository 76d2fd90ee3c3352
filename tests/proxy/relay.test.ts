import { expect, test } from 'vitest';
import type { Http } from '../../mesh/kube/pod-http.ts';
import { viewByRelay } from '../../mesh/proxy/relay.ts';

function counting() {
  const asked: string[] = [];
  const send: Http['send'] = ({ path }) => {
    asked.push(path);
    return Promise.resolve({ status: 200, text: JSON.stringify({ configs: [{ name: `${asked.length}` }] }) });
  };
  return { asked, view: viewByRelay('istio-e2e-w0', 'prober-1', { peer: 'pod', send }) };
}

test('who looks while the same is being read shares the answer, and a later look is a new one', async () => {
  const { asked, view } = counting();
  const [one, other] = await Promise.all([view.read(['clusters'], 'w0'), view.read(['clusters'], 'w0')]);
  expect(asked).toHaveLength(1);
  expect(other).toEqual(one);
  expect(await view.read(['clusters'], 'w0')).toEqual({ clusters: [{ name: '2' }] });
});

test('what differs is read apart', async () => {
  const { asked, view } = counting();
  await Promise.all([view.read(['clusters'], 'w0'), view.read(['clusters']), view.read(['routes'])]);
  expect(asked).toHaveLength(3);
});
