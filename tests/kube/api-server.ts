import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../mesh/kube/kube.ts';
import { localHttp, type Seen, type Told } from '../prober/local-http.ts';

const resources = {
  '/apis/networking.istio.io/v1': [
    { name: 'gateways', kind: 'Gateway', namespaced: true },
    { name: 'sidecars', kind: 'Sidecar', namespaced: true },
    { name: 'gateways/status', kind: 'Gateway', namespaced: true },
  ],
  '/apis/security.istio.io/v1': [{ name: 'authorizationpolicies', kind: 'AuthorizationPolicy', namespaced: true }],
  '/apis/apps/v1': [{ name: 'deployments', kind: 'Deployment', namespaced: true }],
  '/api/v1': [
    { name: 'pods', kind: 'Pod', namespaced: true },
    { name: 'secrets', kind: 'Secret', namespaced: true },
    { name: 'events', kind: 'Event', namespaced: true },
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
    { name: 'namespaces', kind: 'Namespace', namespaced: false },
  ],
};
/** An API server that knows a few kinds, and answers everything else as told. */
export async function cluster(answer: (seen: Seen) => Told) {
  const server = await localHttp((seen) => {
    const known = resources[seen.path as keyof typeof resources] as object[] | undefined;
    const all = known?.map((each) => ({ verbs: ['get', 'list'], ...each }));
    return all === undefined ? answer(seen) : { status: 200, body: { resources: all } };
  });
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'kubeconfig-')), 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'somebody-elses',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${server.port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'secret-word' } }],
    contexts: [{ name: 'ours', context: { cluster: 'c', user: 'u' } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  const kube = await connect({ kubeconfig, context: 'ours' });
  const dispose = async () => {
    await kube.close();
    await server[Symbol.asyncDispose]();
  };
  return { kube, server, kubeconfig, [Symbol.asyncDispose]: dispose };
}
