import { expect, test } from 'vitest';
import { sidecarAtFault } from '../../mesh/injection/never-ready.ts';
import type { Kube } from '../../mesh/kube/kube.ts';

const ago = (millis: number) => ({ running: { startedAt: new Date(Date.now() - millis).toISOString() } });
const running = ago(40_000);
const proxy = (change: object) => ({ name: 'istio-proxy', ready: false, state: running, lastState: {}, ...change });
const application = { name: 'sleep', ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } };

async function verdictOn(...initContainerStatuses: readonly object[]): Promise<string | undefined> {
  const pod = { metadata: { name: 'sleep-1' }, status: { initContainerStatuses, containerStatuses: [application] } };
  const kube = { list: () => Promise.resolve([pod]) } as unknown as Kube;
  return (await sidecarAtFault(kube, { namespace: 'room', labels: {} }, 40_000))?.message;
}

test.each([
  [
    'whose init container fails',
    { name: 'istio-init', state: { terminated: { exitCode: 1 } } },
    'istio-init ended with exit code 1',
  ],
  [
    'whose proxy crashes again and again',
    proxy({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 255 } } }),
    'istio-proxy ended with exit code 255',
  ],
  ['whose proxy never becomes ready', proxy({}), 'istio-proxy runs and does not become ready'],
])('a pod %s is a verdict on the mesh', async (_, status, words) => {
  expect(await verdictOn(status)).toBe(`pod sleep-1: ${words} (waited 40.0 s) [suspect: the mesh]`);
});

test.each([
  ['waits for the image of its proxy', proxy({ state: { waiting: { reason: 'ErrImagePull' } } })],
  ['has a proxy that has just begun', proxy({ state: ago(2_000) })],
  ['has a proxy that fell once and is ready', proxy({ ready: true, lastState: { terminated: { exitCode: 255 } } })],
  ['has a proxy that was killed', proxy({ state: { terminated: { exitCode: 137 } } })],
  ['waits for its own image alone', proxy({ ready: true })],
])('a pod that %s is none', async (_, status) => {
  expect(await verdictOn(status)).toBeUndefined();
});
