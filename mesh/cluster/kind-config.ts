import { stringify } from 'yaml';
import type { Say } from '../say.ts';

export interface NodeFacts {
  /** Docker's: the node inherits it. */
  readonly cgroupVersion: '1' | '2';
  readonly sysResource: boolean;
  /** The image brings a network plugin of its own. */
  readonly ownNetwork: boolean;
}

/** Where the owner's mark stands inside the node: `docker inspect` shows the mount even when the node is stopped. */
export const OWNER_MOUNT = '/kind/istio-e2e';
/** On the node object in the cluster: the harness writes to no cluster without it, unless told to by name. */
const OWNER_LABEL = 'istio-e2e.dev/cluster';

/**
 * kind's configuration for one cluster, as YAML. Special settings stand in it only where this machine needs them, and `say` hears why.
 *
 * @param ownerFolder absolute path of the harness's own folder for this cluster
 */
export function kindConfig(name: string, ownerFolder: string, facts: NodeFacts, say: Say): string {
  const kubelet = { ...cgroupSettings(facts, say), ...oomSettings(facts, say) };
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { disableDefaultCNI: facts.ownNetwork },
    nodes: [
      {
        role: 'control-plane',
        labels: { [OWNER_LABEL]: name },
        extraMounts: [{ hostPath: ownerFolder, containerPath: OWNER_MOUNT, readOnly: true }],
      },
    ],
    kubeadmConfigPatches:
      Object.keys(kubelet).length === 0 ? [] : [stringify({ kind: 'KubeletConfiguration', ...kubelet })],
    containerdConfigPatches: containerdPatches(facts),
  });
}

function cgroupSettings({ cgroupVersion }: NodeFacts, say: Say): Record<string, unknown> {
  if (cgroupVersion === '2') return {};
  say.note('cgroup v1 here: kubelet is told to accept it and to manage cgroups itself');
  return { failCgroupV1: false, cgroupDriver: 'cgroupfs' };
}

function oomSettings({ sysResource }: NodeFacts, say: Say): Record<string, unknown> {
  if (sysResource) return {};
  say.note('CAP_SYS_RESOURCE is missing here: kubelet and containerd do not lower OOM scores');
  return { featureGates: { KubeletInUserNamespace: true } };
}

function containerdPatches({ cgroupVersion, sysResource }: NodeFacts): string[] {
  // The name in version 2 of containerd's configuration, which kind's node image declares.
  const plugin = 'io.containerd.grpc.v1.cri';
  return [
    // Once a second it would ask every container what it uses, for a figure that nobody reads here: a fifth of a core with a hundred of them.
    '[plugins."io.containerd.cri.v1.runtime"]\n  stats_collect_period = "1h"',
    ...(cgroupVersion === '1'
      ? [`[plugins."${plugin}".containerd.runtimes.runc.options]\n  SystemdCgroup = false`]
      : []),
    ...(sysResource ? [] : [`[plugins."${plugin}"]\n  restrict_oom_score_adj = true`]),
  ];
}
