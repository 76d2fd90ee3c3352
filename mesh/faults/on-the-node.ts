import { z } from 'zod';
import { run } from '../command.ts';
import { converge, systemClock } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { type Fault, mended, type Scene } from './fault.ts';
import { insist } from './insist.ts';

const doing = 'Injecting a fault';
/** Long enough to be noticed by every time limit of the tests, short enough for the pods to survive it. */
const FROZEN = 12_000;
const SLOW = 60_000;
const GOING = 150;
const HELD = 1_500;
const QUICK = '@T05|@T11';

const docker = (...args: readonly string[]) => run('docker', args, { doing });

const statuses = z.array(z.object({ name: z.string(), containerID: z.string() })).default([]);
const pod = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({ containerStatuses: statuses, initContainerStatuses: statuses }),
});

/** Kills all processes of a container whose id is given, and fails where there is none; needs no more of the node than a shell. */
const KILL =
  'none=1; for file in $(grep -ls "$1" /proc/[0-9]*/cgroup); do pid=${file#/proc/}; kill -9 "${pid%%/*}" && none=0; done; exit $none';

/** Ends a container at once; the kubelet starts it again. */
async function killContainer(
  { kube, node }: Scene,
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const pods = (await kube.list({ apiVersion: 'v1', kind: 'Pod', namespace, labels })).map((one) => pod.parse(one));
  const all = pods.flatMap(({ status }) => [...status.containerStatuses, ...status.initContainerStatuses]);
  const id = all.find((one) => one.name === name)?.containerID.replace('containerd://', '');
  if (id === undefined) throw new Error(`No container ${name} runs in ${namespace}.`);
  await docker('exec', node, 'sh', '-c', KILL, 'kill', id);
}

export const istiodKilled: Fault = {
  id: 'istiod-killed',
  says: "istiod's process is killed",
  grep: QUICK,
  seen: /istiod/,
  strike: async (scene) => {
    await killContainer(scene, 'discovery', ISTIO_NAMESPACE, { app: 'istiod' });
    return mended;
  },
};

export const apiServerRestarted: Fault = {
  id: 'api-server-restarted',
  says: 'the API server is killed, and started again by the kubelet',
  grep: QUICK,
  seen: /API server|kube-apiserver/,
  strike: async (scene) => {
    await killContainer(scene, 'kube-apiserver', 'kube-system', { component: 'kube-apiserver' });
    return mended;
  },
};

export const sidecarKilled: Fault = {
  id: 'sidecar-killed',
  says: "the proxy beside the callers' prober is killed",
  grep: QUICK,
  seen: /istio-proxy of pod prober/,
  strike: async (scene) => {
    await killContainer(scene, 'istio-proxy', scene.slot, { app: 'prober' });
    return mended;
  },
};

export const nodeFrozen: Fault = {
  id: 'node-frozen',
  says: `everything on the node stands still for ${FROZEN / 1000} s`,
  grep: QUICK,
  seen: /no answer|stood still/,
  strike: async ({ node }) => {
    await docker('pause', node);
    try {
      await systemClock.pause(FROZEN);
    } finally {
      await insist('docker', ['unpause', node]);
    }
    return mended;
  },
};

/** Stopped and let go again and again: no limit of a container can be lowered below those of the pods in it. */
export const machineSlow: Fault = {
  id: 'machine-slow',
  says: `for ${SLOW / 1000} s the node works ${GOING} ms of every ${GOING + HELD}`,
  grep: QUICK,
  seen: /slow|no answer/,
  strike: async ({ node }) => {
    const hold = async () => {
      await docker('pause', node);
      await systemClock.pause(HELD);
      await docker('unpause', node);
    };
    try {
      await converge(hold, () => false, { within: SLOW, every: GOING });
    } finally {
      await insist('docker', ['unpause', node]);
    }
    return mended;
  },
};
