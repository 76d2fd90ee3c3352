import { describe, expect, test } from 'vitest';
import { readRejects, type Versions, wrongWith } from '../../mesh/istio/proof.ts';
import type { Kube } from '../../mesh/kube/kube.ts';

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
      ['pilot_xds_lds_reject{node="a"} 2'],
      ['refused: pilot_xds_lds_reject{node="a"} 2'],
    ],
    [
      'not with several faults, each of which is named',
      { client: '1.29.2', controlPlane: [], dataPlane: [] },
      ['pilot_total_xds_rejects 1'],
      ['istioctl is 1.29.2', 'the control plane is []', 'no proxy is connected', 'refused: pilot_total_xds_rejects 1'],
    ],
  ])('%s', (_, seen, rejects, wrong) => {
    expect(wrongWith({ ...good, ...seen }, rejects, '1.31.1')).toEqual(wrong);
  });
});

describe('refused configuration', () => {
  test('is every counter of every istiod that is not 0', async () => {
    const metrics: Readonly<Record<string, string>> = {
      'istiod-1': [
        '# HELP pilot_xds_cds_reject Pilot rejected CDS configs.',
        '# TYPE pilot_xds_cds_reject gauge',
        'pilot_xds_cds_reject{err="Internal",node="kubia-1.blue"} 0',
        'pilot_xds_lds_reject{err="Internal",node="kubia-1.blue"} 2',
        'pilot_xds_pushes{type="lds"} 14',
        '',
      ].join('\n'),
      'istiod-2': 'pilot_xds_rds_reject 10\npilot_total_xds_rejects 0\n',
    };
    const kube = {
      list: () => Promise.resolve(Object.keys(metrics).map((name) => ({ metadata: { name } }))),
      rest: {
        call: ({ path }: { readonly path: string }) =>
          Promise.resolve({ status: 200, text: metrics[/pods\/(.+):15014\/proxy\/metrics$/.exec(path)?.[1] ?? ''] }),
      },
    } as unknown as Kube;
    expect(await readRejects(kube)).toEqual([
      'pilot_xds_lds_reject{err="Internal",node="kubia-1.blue"} 2',
      'pilot_xds_rds_reject 10',
    ]);
  });
});
