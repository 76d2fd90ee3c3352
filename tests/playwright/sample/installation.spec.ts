import { expect } from '../../../fixtures/expect.ts';
import type { Cluster } from '../../../fixtures/cluster.ts';
import type { ProxyView } from '../../../mesh/proxy/view.ts';
import { names } from '../../../mesh/world/names.ts';
import { currentRun, type Run } from '../../../mesh/world/run.ts';
import { program, scratch } from '../../fakes/scratch.ts';
import { proxyShowing } from '../../proxy/dumps.ts';
import { istioctlIn, istioctlSaying, statusOf } from './istioctl.ts';
import { told } from './told.ts';

const deployment = (name: string, replicas: number, readyReplicas: number) => ({
  metadata: { name },
  spec: { replicas, template: { metadata: {} } },
  status: { readyReplicas, updatedReplicas: replicas, replicas },
});
const having = (...deployments: readonly object[]) => {
  const kube = { list: () => Promise.resolve(deployments) };
  return expect({ kube } as unknown as Cluster).toHaveReady('istio-system', 'istiod', 'istio-egressgateway');
};
const istiod = deployment('istiod', 1, 1);

told('toHaveReady: good', () => having(istiod, deployment('istio-egressgateway', 2, 2)));
told(
  'toHaveReady: one not there',
  () => having(istiod),
  `istio-system is not ready: istio-egressgateway is not there
  expected: istiod, istio-egressgateway ready in istio-system`,
);
told(
  'toHaveReady: one scaled to nothing',
  () => having(istiod, deployment('istio-egressgateway', 0, 0)),
  'istio-system is not ready: istio-egressgateway has 0 of 0 replicas ready',
);
told(
  'toHaveReady: one half ready',
  () => having(istiod, deployment('istio-egressgateway', 2, 1)),
  'istio-system is not ready: istio-egressgateway has 1 of 2 replicas ready',
);

/** A run that has these namespaces, of which no other is asked about. */
const claimedBy = (run: Run, ...namespaces: readonly string[]) =>
  namespaces.map((name) => ({ metadata: { name, annotations: { [names.claim]: JSON.stringify(run) } } }));
const kube = {
  list: () =>
    Promise.resolve([
      ...claimedBy(currentRun(), 'istio-e2e-w0', 'ns', 'b'),
      ...claimedBy({ ...currentRun(), id: 'gone' }, 'idle'),
    ]),
};

const agreeing = async (client: string, controlPlane: readonly string[], ...proxies: readonly string[]) => {
  await using folder = await scratch();
  const handle = await istioctlIn(folder, client, controlPlane, proxies);
  await expect({ handle, kube } as unknown as Cluster).toAgreeOnVersion('1.31.1');
};

told('toAgreeOnVersion: good', () => agreeing('1.31.1', ['1.31.1'], '1.31.1', '1.31.1'));
told('toAgreeOnVersion: good but for a proxy that is not of this run', async () => {
  await using folder = await scratch();
  const handle = await istioctlSaying(folder, {
    clientVersion: { version: '1.31.1' },
    meshVersion: [{ Info: { version: '1.31.1' } }],
    dataPlaneVersion: [
      { ID: 'istiod.istio-system', IstioVersion: '1.31.1' },
      { ID: 'kubia-1.idle', IstioVersion: '1.31.0' },
    ],
  });
  await expect({ handle, kube } as unknown as Cluster).toAgreeOnVersion('1.31.1');
});
told(
  'toAgreeOnVersion: another istioctl',
  () => agreeing('1.31.0', ['1.31.1'], '1.31.1'),
  `Istio is not of version 1.31.1: istioctl is 1.31.0
  expected: client, control plane and all proxies of 1.31.1`,
);
told(
  'toAgreeOnVersion: two istiods of two versions',
  () => agreeing('1.31.1', ['1.31.1', '1.29.2'], '1.31.1'),
  'Istio is not of version 1.31.1: the control plane is [1.31.1, 1.29.2]',
);
told(
  'toAgreeOnVersion: old proxies',
  () => agreeing('1.31.1', ['1.31.1'], '1.31.1', '1.29.2', '1.29.2'),
  `Istio is not of version 1.31.1: proxy pod-1.ns is 1.29.2, and 1 more
  proxy pod-2.ns is 1.29.2`,
);
told(
  'toAgreeOnVersion: without a proxy',
  () => agreeing('1.31.1', ['1.31.1']),
  'Istio is not of version 1.31.1: no proxy is connected',
);

const failing = async (judge: (cluster: Cluster) => unknown) => {
  await using folder = await scratch();
  const istioctl = await program(folder, 'istioctl', ['echo "Error: no running Istio pods" >&2', 'exit 1']);
  await judge({ kube, handle: { istioctl, kubeconfig: 'none', context: 'none' } } as unknown as Cluster);
};

told(
  'toAgreeOnVersion: by an istioctl that fails',
  () => failing((cluster) => expect(cluster).toAgreeOnVersion('1.31.1')),
  'istioctl version exited with 1: Error: no running Istio pods [suspect: the mesh]',
);

const rejecting = async (status: object, ...views: readonly ProxyView[]) => {
  await using folder = await scratch();
  const handle = await istioctlSaying(folder, { resources: [status] });
  await expect({ handle, kube } as unknown as Cluster).toHaveRejectedNothing(views);
};
const content = statusOf('prober-1.istio-e2e-w0', { Listener: 'SYNCED', Cluster: 'STALE', Secret: 'NOT_SENT' });
const quiet = proxyShowing({});
const refusing = proxyShowing({ listeners: [{ name: 'l', error_state: { details: 'no such filter' } }] });

told('toHaveRejectedNothing: good', () => rejecting(content, quiet));
told(
  "toHaveRejectedNothing: by istiod's account",
  () => rejecting(statusOf('prober-1.istio-e2e-w0', { Listener: 'ERROR' }, 'no such\n filter'), quiet),
  `a proxy refused configuration: prober-1.istio-e2e-w0 refused its Listener: no such filter
  expected: no refused configuration, by istiod's account and by istio-e2e-w0/prober-1`,
);
told(
  "toHaveRejectedNothing: by a proxy's own account",
  () => rejecting(content, quiet, refusing),
  'a proxy refused configuration: istio-e2e-w0/prober-1: no such filter',
);
told('toHaveRejectedNothing: good but for a proxy that is not of this run', async () => {
  await using folder = await scratch();
  const resources = [content, statusOf('prober-1.idle', { Listener: 'ERROR' })];
  const handle = await istioctlSaying(folder, { resources });
  await expect({ handle, kube } as unknown as Cluster).toHaveRejectedNothing([quiet]);
});
told(
  'toHaveRejectedNothing: of strangers alone',
  () => rejecting(statusOf('prober-1.idle', { Listener: 'SYNCED' }), quiet),
  'a proxy refused configuration: istioctl proxy-status tells of no proxy what it accepted',
);
told(
  'toHaveRejectedNothing: without a proxy',
  () => rejecting(content),
  'Claiming toHaveRejectedNothing: there is no proxy to look at [MATCHER_MISUSED]',
);
told(
  'toHaveRejectedNothing: clusters',
  () => rejecting(statusOf('a.b', { Listener: 'SYNCED', Cluster: 'ERROR' }), quiet),
  'a proxy refused configuration: a.b refused its Cluster: istiod does not say why',
);
told(
  'toHaveRejectedNothing: by an istioctl that fails',
  () => failing((cluster) => expect(cluster).toHaveRejectedNothing([quiet])),
  'istioctl proxy-status exited with 1: Error: no running Istio pods [suspect: the mesh]',
);
