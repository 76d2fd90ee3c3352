import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { HarnessError } from '../../mesh/errors.ts';
import { exitCodeOf } from '../../mesh/exit-codes.ts';
import { Interrupted } from '../../mesh/interruption.ts';
import { projectRoot } from '../../mesh/paths.ts';
import { versions } from '../../mesh/versions.ts';
import { withAppImages } from '../../scripts/app-images-option.ts';
import {
  atLeastOne,
  kubeconfigOf,
  pattern,
  recordName,
  shard,
  withCluster,
  withVersions,
} from '../../scripts/options.ts';
import { environmentOf, playwrightArguments, withSuites } from '../../scripts/suite-options.ts';

afterEach(() => void vi.unstubAllEnvs());

const parse = (...args: readonly string[]): unknown =>
  withSuites(withAppImages(withVersions(withCluster(new Command('try').exitOverride()))))
    .parse(args, { from: 'user' })
    .opts();

describe('options', () => {
  test('without any there are two workers, our own cluster and whatever images can be had', () => {
    vi.stubEnv('ISTIO_E2E_CLUSTER', undefined);
    expect(parse()).toEqual({
      addons: true,
      cluster: 'istio-e2e',
      images: 'auto',
      workers: 2,
      report: join(projectRoot, 'report'),
    });
  });

  test('each is taken as it is given', () => {
    const version = versions.istio.default;
    expect(parse('--cluster', 'blue-2', '--istio', version, '--images', 'registry', '--workers', '12')).toMatchObject({
      cluster: 'blue-2',
      istio: version,
      images: 'registry',
      workers: 12,
    });
  });

  test('the cluster may be named by the environment, and the option goes before it', () => {
    vi.stubEnv('ISTIO_E2E_CLUSTER', 'green');
    expect(parse()).toMatchObject({ cluster: 'green' });
    expect(parse('--cluster', 'blue')).toMatchObject({ cluster: 'blue' });
  });

  test.each([
    ['NO_CONTEXT', ['--kubeconfig', 'file']],
    ['TWO_CLUSTERS', ['--cluster', 'mine', '--context', 'theirs']],
  ])('a line that does not speak of one cluster is refused before anything is done: %s', (code, args) => {
    const command = withCluster(new Command('try').exitOverride()).action(() => expect.unreachable());
    expect(() => command.parse(args, { from: 'user' })).toThrow(expect.objectContaining({ code, blame: 'usage' }));
  });

  test('a cluster that the environment names gives way to a context', () => {
    vi.stubEnv('ISTIO_E2E_CLUSTER', 'green');
    const done = vi.fn();
    const args = ['--context', 'theirs', '--kubeconfig', 'file'];
    withCluster(new Command('try').exitOverride()).action(done).parse(args, { from: 'user' });
    expect(done).toHaveBeenCalledOnce();
  });

  test.each(['a', '0', 'a-b', 'spare', 'x'.repeat(42)])('%j can be the name of a cluster', (name) => {
    expect(parse('--cluster', name)).toMatchObject({ cluster: name });
  });

  test.each(['', 'A', 'a_b', '-a', 'a-', 'a.b', 'a/b', '..', 'a b', 'a-spare', 'x'.repeat(43)])(
    '%j cannot be the name of a cluster, given as option or by the environment',
    (name) => {
      const refused = expect.objectContaining({ code: 'BAD_CLUSTER_NAME', blame: 'usage' }) as Error;
      expect(() => parse('--cluster', name)).toThrow(refused);
      vi.stubEnv('ISTIO_E2E_CLUSTER', name);
      expect(() => parse()).toThrow(refused);
    },
  );

  test('an image source that there is not is refused with those that there are', () => {
    const command = withVersions(
      withCluster(new Command('try').exitOverride().configureOutput({ writeErr: () => undefined })),
    );
    expect(() => command.parse(['--images', 'mine'], { from: 'user' })).toThrow(
      "argument 'mine' is invalid. Allowed choices are auto, registry, packages.",
    );
  });

  test.each([
    'localhost/e2e',
    'localhost:5000/e2e',
    'registry:5000/a',
    'registry.example.com/team/istio-e2e',
    '10.0.0.1:5000/a',
  ])('%j can be where images are pushed', (appImages) => {
    expect(parse('--app-images', appImages)).toMatchObject({ appImages });
  });

  test.each([
    '',
    'e2e',
    'team/e2e',
    'localhost:5000',
    'localhost:5000/',
    'https://a.b/c',
    'a.b/C',
    'a.b/c:1',
    'a.b//c',
    ':1/a',
  ])('%j cannot be where images are pushed', (text) => {
    const refused = expect.objectContaining({ code: 'BAD_REGISTRY', blame: 'usage' }) as Error;
    expect(() => parse('--app-images', text)).toThrow(refused);
  });

  test.each(['0', '-1', '1.5', '', ' 1', '1e3', '0x10', 'two', '10000'])('%j is no count', (text) => {
    expect(() => atLeastOne('--workers')(text)).toThrow(expect.objectContaining({ code: 'BAD_COUNT', blame: 'usage' }));
  });

  test.each(['[', '(@T05', '*'])('%j is no pattern', (text) => {
    const refused = expect.objectContaining({ code: 'BAD_PATTERN', blame: 'usage' }) as Error;
    expect(() => pattern('--grep')(text)).toThrow(refused);
    expect(pattern('--grep')('@T05|@T1[0-2]')).toBe('@T05|@T1[0-2]');
  });

  test.each(['5', '0/3', '4/3', '1/', 'a/b'])('%j is no part of the list', (text) => {
    expect(() => shard(text)).toThrow(expect.objectContaining({ code: 'BAD_SHARD', blame: 'usage' }));
    expect(shard('3/3')).toBe('3/3');
  });

  test('what is known of a context is kept apart from clusters, under a name that is a folder', () => {
    expect(recordName({ cluster: 'blue' })).toBe('blue');
    const context = 'arn:aws:eks/../blue';
    const name = recordName({ cluster: 'blue', context, kubeconfig: '/one' });
    expect(name).toMatch(/^context-arn_aws_eks_\.\._blue-[0-9a-f]{12}$/);
    expect(recordName({ cluster: 'blue', context, kubeconfig: '/two' })).not.toBe(name);
  });

  test('the kubeconfig is the one that is named, else the first of KUBECONFIG, else the own one', () => {
    vi.stubEnv('KUBECONFIG', '/one:/two');
    expect(kubeconfigOf({ kubeconfig: '/named' })).toBe('/named');
    expect(kubeconfigOf({})).toBe('/one');
    vi.stubEnv('KUBECONFIG', undefined);
    expect(kubeconfigOf({})).toBe(join(homedir(), '.kube', 'config'));
  });

  test('without add-ons the workers are told so, and otherwise nothing', () => {
    expect(environmentOf({ workers: 2, report: '/report', addons: true })).toEqual({});
    expect(environmentOf({ workers: 2, report: '/report', addons: false })).toEqual({ ISTIO_E2E_NO_ADD_ONS: 'yes' });
  });

  test('the choice of scenarios is given to Playwright under its own names', () => {
    const choice = { grep: '@T05 ', grepInvert: 'slow', repeatEach: 3, shard: '1/3', list: true, ui: true } as const;
    expect(playwrightArguments({ workers: 2, report: '/report', ...choice })).toEqual([
      ...[
        '--grep',
        '@T05 ',
        '--grep-invert',
        'slow',
        '--repeat-each',
        '3',
        '--global-timeout=7200000',
        '--shard',
        '1/3',
        '--list',
        '--ui',
        '--ui-host=127.0.0.1',
      ],
    ]);
    expect(playwrightArguments({ workers: 2, report: '/report' })).toEqual([]);
  });
});

describe('exit codes', () => {
  const error = (blame: 'usage' | 'environment' | 'red') =>
    new HarnessError({ code: 'X', blame, doing: 'Trying', seen: 'nothing', next: 'rest' });

  test.each([
    ['what was checked is wrong', error('red'), 1],
    ['the caller is', error('usage'), 2],
    ['the machine is', error('environment'), 3],
    ['nobody expected it', new TypeError('x is undefined'), 3],
    ['it was interrupted, before that is known', new Interrupted('received SIGINT'), 3],
  ])('where %s', (_, thrown, exitCode) => {
    expect(exitCodeOf(thrown)).toBe(exitCode);
  });
});
