import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { strangersIn } from '../../mesh/istio/left.ts';
import { uninstallIstio } from '../../mesh/istio/uninstall.ts';
import { connect } from '../../mesh/kube/kube.ts';
import type { Say } from '../../mesh/say.ts';
import { names } from '../../mesh/world/names.ts';
import { apiServer, istio, writeKubeconfig } from '../fakes/api-server.ts';
import { hearing } from '../fakes/hearing.ts';
import { program, scratch } from '../fakes/scratch.ts';

const ours = { 'istio-e2e.dev/settings': 'installing' };

async function uninstalling(
  answers: Parameters<typeof apiServer>[0],
  istioctl?: string,
  { say }: { readonly say: Say } = hearing(),
) {
  await using server = await apiServer(answers);
  await using folder = await scratch();
  const target = { kubeconfig: folder.at('config'), context: 'blue' };
  await writeKubeconfig(target.kubeconfig, 'blue', server);
  const kube = await connect(target);
  try {
    return await uninstallIstio(kube, { ...target, istioctl }, say);
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

const left = { kind: 'ConfigMap', metadata: { name: 'istio-leader' } };
const everywhere = { kind: 'Secret', metadata: { name: 'sh.1' }, type: 'kubernetes.io/service-account-token' };
const going = { kind: 'Deployment', metadata: { name: 'istiod', deletionTimestamp: '2026-11-20T19:55:56Z' } };
const ofTheHarness = { kind: 'Secret', metadata: { name: 'x', labels: { [names.managedBy]: names.manager } } };
const theirs = { kind: 'Deployment', metadata: { name: 'grafana', namespace: 'istio-system' } };
const own = { kind: 'Secret', metadata: { name: 'door-certificate', namespace: 'istio-system' } };

test.each([
  ['nothing but what Istio leaves', [left, everywhere, going, ofTheHarness], []],
  ['what somebody else has put there', [left, theirs, own], [theirs, own]],
])('in istio-system is %s', async (_, there, strange) => {
  const list = ({ kind, apiVersion }: { readonly kind: string; readonly apiVersion: string }) =>
    Promise.resolve(there.filter((one) => one.kind === kind).map((one) => ({ ...one, apiVersion })));
  const found = await strangersIn({ list });
  expect(found.map(({ metadata }) => metadata.name).toSorted()).toEqual(
    strange.map(({ metadata }) => metadata.name).toSorted(),
  );
});

test('where somebody has put something into istio-system, the namespace stays, and that is said', async () => {
  await using folder = await scratch();
  const istioctl = await program(folder, 'istioctl', [`echo "$1" >> ${folder.at('calls')}`]);
  const at = (group: string, plural: string) => `${group}/namespaces/istio-system/${plural}`;
  const served = {
    '/apis/apps/v1': ['Deployment', 'StatefulSet', 'DaemonSet'],
    '/apis/batch/v1': ['Job', 'CronJob'],
    '/api/v1': ['Namespace', 'PersistentVolumeClaim', 'Service', 'ConfigMap', 'Secret'],
  };
  const plural = (kind: string) => `${kind.toLowerCase()}s`;
  const answers = Object.entries(served).flatMap(([group, list]) => [
    [group, { resources: list.map((kind) => ({ kind, name: plural(kind), namespaced: kind !== 'Namespace' })) }],
    ...list.map((kind) => [at(group, plural(kind)), { items: [] }]),
  ]);
  const there = { ...istio('1.31.1', ours), ...(Object.fromEntries(answers) as object) };
  const { say, notes } = hearing();
  const removed = await uninstalling({ ...there, [at('/api/v1', 'secrets')]: { items: [own] } }, istioctl, {
    say,
  });
  expect(removed).toEqual(['Istio 1.31.1']);
  expect(notes).toEqual(["istio-system stays, with what is not Istio's: Secret istio-system/door-certificate"]);
  expect(await readFile(folder.at('calls'), 'utf8')).toBe('uninstall\n');
});
