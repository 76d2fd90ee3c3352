import { expect, test } from 'vitest';
import { uninstallIstio } from '../../mesh/istio/uninstall.ts';
import { connect } from '../../mesh/kube/kube.ts';
import { apiServer, istio, writeKubeconfig } from '../fakes/api-server.ts';
import { hearing } from '../fakes/hearing.ts';
import { scratch } from '../fakes/scratch.ts';

const ours = { 'istio-e2e.dev/settings': 'installing' };

async function uninstalling(answers: Parameters<typeof apiServer>[0], istioctl?: string) {
  await using server = await apiServer(answers);
  await using folder = await scratch();
  const target = { kubeconfig: folder.at('config'), context: 'blue' };
  await writeKubeconfig(target.kubeconfig, 'blue', server);
  const kube = await connect(target);
  try {
    return await uninstallIstio(kube, { ...target, istioctl }, hearing().say);
  } finally {
    await kube.close();
  }
}

test("somebody else's Istio is left alone", async () => {
  expect(await uninstalling(istio('1.31.1'), '/nobody/asks/istioctl')).toEqual([]);
});

test('of an installation that was cut off nobody says that there was nothing to remove', async () => {
  const begun = { '/api/v1/namespaces/istio-system': { metadata: { name: 'istio-system', annotations: ours } } };
  await expect(uninstalling(begun)).rejects.toThrow('finish it first: npm run up -- --context blue');
});

test('where another revision came beside it, nothing is purged', async () => {
  const items = [{ metadata: { namespace: 'istio-system', name: 'istiod-canary' } }];
  const answers = { ...istio('1.31.1', ours), '/apis/apps/v1/deployments': { items } };
  await expect(uninstalling(answers, '/nobody/asks/istioctl')).rejects.toThrow('ISTIO_NOT_ALONE');
});
