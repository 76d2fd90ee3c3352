import { describe, expect, test } from 'vitest';
import { scratch } from '../fakes/scratch.ts';
import { istioctlSaying, statusOf } from '../playwright/sample/istioctl.ts';
import { quiet } from '../../mesh/say.ts';
import { run } from '../../mesh/command.ts';
import { proveIstio, readRejects, readVersions, type Versions, wrongWith } from '../../mesh/istio/proof.ts';

const good: Versions = {
  client: '1.31.1',
  controlPlane: ['1.31.1'],
  dataPlane: [
    { proxy: 'ingress.istio-system', version: '1.31.1' },
    { proxy: 'kubia.blue', version: '1.31.1' },
  ],
};

describe('a mesh is proved', () => {
  test.each<[string, Partial<Versions>, string[], string[]]>([
    ['where all agree', {}, [], []],
    ['with two istiods of one version', { controlPlane: ['1.31.1', '1.31.1'] }, [], []],
    ['not with another istioctl', { client: '1.31.0' }, [], ['istioctl is 1.31.0']],
    ['not without a control plane', { controlPlane: [] }, [], ['the control plane is []']],
    [
      'not with a control plane of two versions',
      { controlPlane: ['1.31.1', '1.29.2'] },
      [],
      ['the control plane is [1.31.1, 1.29.2]'],
    ],
    ['not without any proxy: none has accepted anything', { dataPlane: [] }, [], ['no proxy is connected']],
    [
      'not with one older proxy',
      { dataPlane: [...good.dataPlane, { proxy: 'old.blue', version: '1.29.2' }] },
      [],
      ['proxy old.blue is 1.29.2'],
    ],
    [
      'not with refused configuration',
      {},
      ['a.b refused its Listener: no such filter'],
      ['a.b refused its Listener: no such filter'],
    ],
    [
      'not with several faults, each of which is named',
      { client: '1.29.2', controlPlane: [], dataPlane: [] },
      ['a.b refused its Cluster: why'],
      ['istioctl is 1.29.2', 'the control plane is []', 'no proxy is connected', 'a.b refused its Cluster: why'],
    ],
  ])('%s', (_, seen, rejects, wrong) => {
    expect(wrongWith({ ...good, ...seen }, rejects, '1.31.1')).toEqual(wrong);
  });
});

test('another istioctl that asks istiod at that moment is no proxy', async () => {
  await using folder = await scratch();
  const said = {
    clientVersion: { version: '1.31.1' },
    meshVersion: [{ Info: { version: '1.31.1' } }],
    dataPlaneVersion: [
      { ID: 'test-1.default', IstioVersion: '65536.65536.65536' },
      { ID: 'test-1.default', IstioVersion: '1.29.2' },
      { ID: 'kubia-1.blue', IstioVersion: '1.31.1' },
    ],
  };
  expect((await readVersions(await istioctlSaying(folder, said), run, () => true)).dataPlane).toEqual([
    { proxy: 'test-1.default', version: '1.29.2' },
    { proxy: 'kubia-1.blue', version: '1.31.1' },
  ]);
});

test('Istio is proved by its own proxies, whatever those of an earlier Istio that is gone still are', async () => {
  await using folder = await scratch();
  const gateway = 'istio-ingressgateway-1.istio-system';
  const said = {
    clientVersion: { version: '1.31.1' },
    meshVersion: [{ Info: { version: '1.31.1' } }],
    dataPlaneVersion: [
      { ID: gateway, IstioVersion: '1.31.1' },
      { ID: 'kubia-1.blue', IstioVersion: '1.31.0' },
    ],
    resources: [statusOf(gateway, { Listener: 'SYNCED' }), statusOf('kubia-1.blue', { Listener: 'ERROR' })],
  };
  await proveIstio(await istioctlSaying(folder, said), '1.31.1', quiet);
});

describe('refused configuration', () => {
  const saying = async (said: object) => {
    await using folder = await scratch();
    return await readRejects(await istioctlSaying(folder, said), run, () => true);
  };

  test('is what stands as an error, of every proxy and kind, with the reason', async () => {
    const resources = [
      statusOf('kubia-1.blue', { Cluster: 'SYNCED', Listener: 'ERROR' }, 'Error adding listener\n 0.0.0.0_80'),
      statusOf('kubia-2.blue', { Cluster: 'STALE', RouteConfiguration: 'NOT_SENT' }),
      statusOf('kubia-3.blue', { Cluster: 'ERROR' }),
    ];
    expect(await saying({ resources })).toEqual([
      'kubia-1.blue refused its Listener: Error adding listener 0.0.0.0_80',
      'kubia-3.blue refused its Cluster: istiod does not say why',
    ]);
  });

  test('is read of each istiod that there is: their accounts come one after the other', async () => {
    await using folder = await scratch();
    const accounts = [
      { resources: [statusOf('kubia-1.blue', { Cluster: 'SYNCED' })] },
      { resources: [statusOf('kubia-2.blue', { Cluster: 'ERROR' }, 'why')] },
    ];
    const printed = accounts.map((one) => JSON.stringify(one, undefined, 4)).join('\n');
    const said = () => Promise.resolve(printed);
    expect(await readRejects(await istioctlSaying(folder, {}), said, () => true)).toEqual([
      'kubia-2.blue refused its Cluster: why',
    ]);
  });

  test('is read of the table as well that istioctl 1.29 writes whatever it is told', async () => {
    const table = (...rows: readonly string[]) =>
      readRejects(
        { istioctl: '', kubeconfig: '', context: '' },
        () => Promise.resolve([head, ...rows, ''].join('\n')),
        () => true,
      );
    const head =
      'NAME             CLUSTER        CDS              ECDS        EDS             LDS              ISTIOD       VERSION';
    const good =
      'kubia-1.blue     Kubernetes     SYNCED (47s)     IGNORED     NOT SENT        SYNCED (47s)     istiod-1     1.29.2';
    const bad =
      'kubia-2.blue     Kubernetes     STALE (1s)       IGNORED     SYNCED (9s)     ERROR (2m3s)     istiod-1     1.29.2';
    const nameless =
      'kubia-3.blue                    ERROR            IGNORED     SYNCED (9s)     SYNCED (9s)      istiod-1     1.29.2';
    const mute =
      'kubia-4.blue     Kubernetes     IGNORED          IGNORED     IGNORED         IGNORED          istiod-1     1.29.2';
    expect(await table(good, mute)).toEqual([]);
    expect(await table(good, bad, nameless)).toEqual([
      'kubia-2.blue refused its LDS: istiod does not say why',
      'kubia-3.blue refused its CDS: istiod does not say why',
    ]);
    const nothing = ['istioctl proxy-status tells of no proxy what it accepted'];
    expect([await table(), await table(mute)]).toEqual([nothing, nothing]);
  });

  test('is not known where istioctl writes something else, which is told by how it begins', async () => {
    const target = { istioctl: '', kubeconfig: '', context: '' };
    const reading = (text: string) =>
      readRejects(
        target,
        () => Promise.resolve(text),
        () => true,
      );
    await expect(reading('clusters: 7\n')).rejects.toThrow(
      /^Reading what istioctl proxy-status printed: "clusters: 7\\n" \[ISTIOCTL_UNREADABLE\]\n/,
    );
    await expect(reading('{"resources": 7}')).rejects.toThrow(
      /^Reading what istioctl proxy-status printed: "{\\"resources\\": 7}", of which .*array.* \[ISTIOCTL_UNREADABLE\]\n/,
    );
  });

  test.each([
    ['no proxy is connected', { versionInfo: 'x' }],
    ['no proxy has answered', { resources: [statusOf('kubia-1.blue', {})] }],
  ])('is not known to be none where %s', async (_, said) => {
    expect(await saying(said)).toEqual(['istioctl proxy-status tells of no proxy what it accepted']);
  });
});
