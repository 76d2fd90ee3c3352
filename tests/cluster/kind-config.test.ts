import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kindConfig, type NodeFacts } from '../../mesh/cluster/kind-config.ts';
import { hearing } from '../fakes/hearing.ts';

interface Config {
  readonly networking: { readonly disableDefaultCNI: boolean };
  readonly nodes: readonly unknown[];
  readonly kubeadmConfigPatches: readonly string[];
  readonly containerdConfigPatches: readonly string[];
}

const modern: NodeFacts = { cgroupVersion: '2', sysResource: true, ownNetwork: false };

function configOf(facts: Partial<NodeFacts>) {
  const { say, notes } = hearing();
  const config = parse(kindConfig('blue', '/cache/blue/owner', { ...modern, ...facts }, say)) as Config;
  return { ...config, kubelet: config.kubeadmConfigPatches.map((patch) => parse(patch) as unknown), notes };
}

const cgroupNote = 'cgroup v1 here: kubelet is told to accept it and to manage cgroups itself';
const oomNote = 'CAP_SYS_RESOURCE is missing here: kubelet and containerd do not lower OOM scores';
const cgroupPatch = '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = false';
const quietPatch = '[plugins."io.containerd.cri.v1.runtime"]\n  stats_collect_period = "1h"';
const oomPatch = '[plugins."io.containerd.grpc.v1.cri"]\n  restrict_oom_score_adj = true';

describe("kind's configuration", () => {
  test.each([
    { facts: {}, kubelet: {}, containerd: [], said: [] },
    {
      facts: { cgroupVersion: '1' },
      kubelet: { failCgroupV1: false, cgroupDriver: 'cgroupfs' },
      containerd: [cgroupPatch],
      said: [cgroupNote],
    },
    {
      facts: { sysResource: false },
      kubelet: { featureGates: { KubeletInUserNamespace: true } },
      containerd: [oomPatch],
      said: [oomNote],
    },
    {
      facts: { cgroupVersion: '1', sysResource: false },
      kubelet: {
        failCgroupV1: false,
        cgroupDriver: 'cgroupfs',
        featureGates: { KubeletInUserNamespace: true },
      },
      containerd: [cgroupPatch, oomPatch],
      said: [cgroupNote, oomNote],
    },
  ] as const)('on $facts it has just the settings that this needs, and says why', ({ facts, ...expected }) => {
    const { kubelet, containerdConfigPatches, notes } = configOf(facts);
    const wanted =
      Object.keys(expected.kubelet).length === 0 ? [] : [{ kind: 'KubeletConfiguration', ...expected.kubelet }];
    expect(kubelet).toEqual(wanted);
    expect(containerdConfigPatches).toEqual([quietPatch, ...expected.containerd]);
    expect(notes).toEqual(expected.said);
  });

  test.each([true, false])("kind's own network plugin is left out where the image has one: %s", (ownNetwork) => {
    expect(configOf({ ownNetwork }).networking).toEqual({ disableDefaultCNI: ownNetwork });
  });

  test('its one node carries the mark of its owner, inside the cluster and out', () => {
    expect(configOf({}).nodes).toEqual([
      {
        role: 'control-plane',
        labels: { 'istio-e2e.dev/cluster': 'blue' },
        extraMounts: [{ hostPath: '/cache/blue/owner', containerPath: '/kind/istio-e2e', readOnly: true }],
      },
    ]);
  });
});
