import { expect, test } from 'vitest';
import type { Inhabitant } from '../../mesh/guard/census.ts';
import { changesBetween } from '../../mesh/guard/changes.ts';

const pod = (name: string, kin: string, change: Partial<Inhabitant> = {}): Inhabitant => ({
  name,
  namespace: 'istio-e2e-w0',
  uid: `uid of ${name}`,
  kin,
  createdAt: '2026-11-20T22:00:00Z',
  lives: [{ name: 'istio-proxy', restarts: 0, startedAt: '2026-11-20T22:00:02Z', waits: false, lastEnd: '' }],
  ...change,
});
const proxy = (restarts: number, lastEnd: string, startedAt: string) => [
  { name: 'istio-proxy', restarts, startedAt, waits: startedAt === '', lastEnd },
];
const before = [pod('nodebook-v3-a', 'nodebook-v3'), pod('istiod-a', 'istiod')];
const texts = (after: readonly Inhabitant[]) => changesBetween(before, after).map(({ text }) => text);

test('nothing is said where nothing changed', () => {
  expect(texts(before)).toEqual([]);
});

test('a pod that was replaced is named with the one that came, and when', () => {
  const heir = pod('istiod-b', 'istiod', { createdAt: '2026-11-20T22:05:00Z' });
  expect(changesBetween(before, [pod('nodebook-v3-a', 'nodebook-v3'), heir])).toEqual([
    {
      namespace: 'istio-e2e-w0',
      text: 'pod istiod-a of istiod was replaced by istiod-b',
      at: '2026-11-20T22:05:00Z',
    },
  ]);
});

test('a pod of the same name that is another pod was replaced too', () => {
  expect(texts([pod('nodebook-v3-a', 'nodebook-v3', { uid: 'another' }), pod('istiod-a', 'istiod')])).toEqual([
    'pod nodebook-v3-a of nodebook-v3 was replaced by nodebook-v3-a',
  ]);
});

test('scaled down, a pod is gone for good; one that came is no disturbance', () => {
  expect(texts([pod('istiod-a', 'istiod')])).toEqual([
    'pod nodebook-v3-a of nodebook-v3 is gone, and nothing came in its place',
  ]);
  expect(texts([...before, pod('httpbin-b', 'httpbin')])).toEqual([]);
});

test('a container that began anew is named, with its end', () => {
  const again = pod('nodebook-v3-a', 'nodebook-v3', {
    lives: proxy(1, 'exit 137, OOMKilled', '2026-11-20T22:06:00Z'),
  });
  expect(changesBetween(before, [again, pod('istiod-a', 'istiod')])).toEqual([
    {
      namespace: 'istio-e2e-w0',
      text: 'istio-proxy of pod nodebook-v3-a restarted (exit 137, OOMKilled)',
      at: '2026-11-20T22:06:00Z',
      restarted: { pod: 'nodebook-v3-a', container: 'istio-proxy' },
    },
  ]);
});

test('a container that ends again and again is counted', () => {
  const again = pod('nodebook-v3-a', 'nodebook-v3', { lives: proxy(3, '', '') });
  expect(texts([again, pod('istiod-a', 'istiod')])).toEqual(['istio-proxy of pod nodebook-v3-a restarted 3 times']);
});

test('a container that ended and is not let begin anew is named, before anything counts it', () => {
  const once = pod('istiod-a', 'istiod', { lives: proxy(1, 'exit 137', '2026-11-20T22:06:00Z') });
  const waiting = pod('istiod-a', 'istiod', { lives: proxy(1, 'exit 137', '') });
  const told = changesBetween([once], [waiting]);
  expect(told).toMatchObject([
    {
      text: 'istio-proxy of pod istiod-a ended (exit 137), and does not run',
      restarted: { pod: 'istiod-a', container: 'istio-proxy' },
    },
  ]);
  expect(changesBetween([waiting], [waiting])).toEqual([]);
  const again = pod('istiod-a', 'istiod', { lives: proxy(2, 'exit 137', '2026-11-20T22:07:00Z') });
  expect(changesBetween([waiting], [again])).toMatchObject([
    { text: 'istio-proxy of pod istiod-a restarted (exit 137)', at: '2026-11-20T22:07:00Z' },
  ]);
});

test('a container that has not begun yet, and never ended, is none that ended', () => {
  const begun = pod('istiod-a', 'istiod');
  expect(changesBetween([begun], [pod('istiod-a', 'istiod', { lives: proxy(0, '', '') })])).toEqual([]);
});
