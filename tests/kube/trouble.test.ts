import { expect, test } from 'vitest';
import { troubleIn } from '../../mesh/kube/trouble.ts';
import { cluster } from './api-server.ts';

const container = (name: string, more: object) => ({ name, restartCount: 0, state: {}, lastState: {}, ...more });
const pod = (name: string, ...containerStatuses: readonly object[]) => ({
  metadata: { name },
  status: { containerStatuses, initContainerStatuses: [] },
});
const onTheWay = container('app', { state: { waiting: { reason: 'PodInitializing' } } });
const crashed = container('istio-proxy', { restartCount: 5, lastState: { terminated: { exitCode: 255 } } });
const noImage = container('app', { state: { waiting: { reason: 'ErrImageNeverPull' } } });

const troubleWith = async (...items: readonly object[]) => {
  await using there = await cluster(({ path }) =>
    path.includes('/log') ? { status: 200, body: 'too many open files\n' } : { status: 200, body: { items } },
  );
  return await troubleIn(there.kube, 'ns');
};

test('pods on their way up are in no trouble', async () => {
  expect(await troubleWith(pod('a', onTheWay))).toBeUndefined();
});

test('a crash is told with the last words of the container, and how many more there are', async () => {
  expect(await troubleWith(pod('a', onTheWay), pod('b', crashed), pod('c', noImage))).toMatch(
    /^istio-proxy of pod b ended with exit code 255, restarted 5 times, last said: .*too many open files.* \(one of 2 containers in trouble\)$/,
  );
});

test('a container that cannot be started is told with the reason', async () => {
  expect(await troubleWith(pod('c', noImage))).toBe('app of pod c waits: ErrImageNeverPull');
  const message = 'Back-off pulling image "registry.example.com/team/kubia:abc"';
  const notPulled = container('app', { state: { waiting: { reason: 'ImagePullBackOff', message } } });
  expect(await troubleWith(pod('c', notPulled))).toBe(`app of pod c waits: ImagePullBackOff, ${message}`);
});
