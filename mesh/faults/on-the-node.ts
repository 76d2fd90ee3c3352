import { ask, run } from '../command.ts';
import { systemClock } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { type Fault, mended, type Scene } from './fault.ts';

const doing = 'Injecting a fault';
/** Long enough to be noticed by every time limit of the tests, short enough for the pods to survive it. */
const FROZEN = 12_000;
const SLOW = 60_000;
const SLOW_CORES = '0.15';
const QUICK = '@T05|@T11';

const docker = (...args: readonly string[]) => run('docker', args, { doing });

/** Stops a container at once; the kubelet starts it again. */
async function stopContainer({ node }: Scene, name: string, namespace: string, pod = ''): Promise<void> {
  const labels = ['--label', `io.kubernetes.pod.namespace=${namespace}`];
  const of = pod === '' ? [] : ['--label', `io.kubernetes.pod.name=${pod}`];
  const found = await docker('exec', node, 'crictl', 'ps', '-q', '--name', `^${name}$`, ...labels, ...of);
  const [id = ''] = found.split('\n');
  if (id === '') throw new Error(`No container ${name} runs in ${namespace}.`);
  await docker('exec', node, 'crictl', 'stop', '--timeout', '0', id);
}

export const istiodKilled: Fault = {
  id: 'istiod-killed',
  says: "istiod's process is killed",
  grep: QUICK,
  seen: /istiod/,
  strike: async (scene) => {
    await stopContainer(scene, 'discovery', ISTIO_NAMESPACE);
    return mended;
  },
};

export const apiServerRestarted: Fault = {
  id: 'api-server-restarted',
  says: 'the API server is stopped, and started again by the kubelet',
  grep: QUICK,
  seen: /API server|kube-apiserver/,
  strike: async (scene) => {
    await stopContainer(scene, 'kube-apiserver', 'kube-system');
    return mended;
  },
};

export const sidecarKilled: Fault = {
  id: 'sidecar-killed',
  says: "the proxy beside the callers' prober is killed",
  grep: QUICK,
  seen: /istio-proxy of pod prober/,
  strike: async (scene) => {
    const pods = await scene.kube.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: scene.slot,
      labels: { app: 'prober' },
    });
    await stopContainer(scene, 'istio-proxy', scene.slot, pods[0]?.metadata.name);
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
      // Also where the run was interrupted: a command would not be started any more.
      await ask('docker', ['unpause', node]);
    }
    return mended;
  },
};

export const machineSlow: Fault = {
  id: 'machine-slow',
  says: `the node has ${SLOW_CORES} cores for ${SLOW / 1000} s`,
  grep: QUICK,
  seen: /slow|no answer/,
  strike: async ({ node }) => {
    await docker('update', '--cpu-period', '100000', '--cpu-quota', `${Number(SLOW_CORES) * 100_000}`, node);
    try {
      await systemClock.pause(SLOW);
    } finally {
      await docker('update', '--cpu-quota', '-1', node);
    }
    return mended;
  },
};
