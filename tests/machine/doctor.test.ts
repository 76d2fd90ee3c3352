import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../mesh/engine/engine.ts';
import { fine, lacks, limits } from '../../mesh/machine/check.ts';
import { demandFit, examine, inLines } from '../../mesh/machine/doctor.ts';
import { cgroups } from '../../mesh/machine/kernel.ts';
import { disks, memory } from '../../mesh/machine/resources.ts';
import { neighbours } from '../../mesh/machine/neighbours.ts';
import { baseSystem, engine, go, python } from '../../mesh/machine/tools.ts';
import { cachePath } from '../../mesh/paths.ts';
import { obstacle } from '../../mesh/source/packages/rootfs.ts';
import { HALF_MADE } from '../../mesh/source/store.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const GIB = 1024 ** 3;

const docker: Engine = {
  version: '27.0.0',
  cgroupVersion: '2',
  defaultRuntime: 'runc',
  runtimeProgram: '',
  dataRoot: '/var/lib/docker',
  rootless: false,
};

describe('what the doctor prints', () => {
  const checks = [
    fine('platform', 'linux x64: tested'),
    limits('Go', 'none', 'nothing to do: a newer one is fetched from PyPI'),
    lacks('memory', '2.0 GiB, 1.0 GiB free', 'use a machine with at least 4 GiB'),
    lacks('disk, cache', '1.0 GiB free', 'free some space'),
  ];

  test('is a line for each check, in columns, with the remedy below it', () => {
    expect(inLines(checks).split('\n')).toEqual([
      '  ok    platform     linux x64: tested',
      '  note  Go           none',
      '                     -> nothing to do: a newer one is fetched from PyPI',
      '  FAIL  memory       2.0 GiB, 1.0 GiB free',
      '                     -> use a machine with at least 4 GiB',
      '  FAIL  disk, cache  1.0 GiB free',
      '                     -> free some space',
    ]);
  });

  test('ends in one error that names everything that is lacking, and nothing else', () => {
    expect(() => {
      demandFit(checks);
    }).toThrow(
      expect.objectContaining({
        code: 'MACHINE_LACKS',
        blame: 'environment',
        message: [
          'Examining this machine: memory: 2.0 GiB, 1.0 GiB free; disk, cache: 1.0 GiB free [MACHINE_LACKS]',
          '  what to do: memory: use a machine with at least 4 GiB',
          '    disk, cache: free some space',
        ].join('\n'),
      }),
    );
  });

  test('is no error where there are only limits', () => {
    expect(() => {
      demandFit(checks.slice(0, 2));
    }).not.toThrow();
  });
});

describe('memory', () => {
  test.each([
    [3.9, 'lacks', 'use a machine with at least 4 GiB'],
    [4, 'limits', '8 GiB are better; with less use --workers 1'],
    [7.9, 'limits', '8 GiB are better; with less use --workers 1'],
    [8, 'fine', undefined],
  ])('%d GiB: %s', (total, verdict, remedy) => {
    const check = memory(total * GIB, 1.25 * GIB);
    expect(check).toMatchObject({ verdict, seen: `${total.toFixed(1)} GiB, 1.3 GiB free` });
    expect(check.remedy).toBe(remedy);
  });
});

describe('disk', () => {
  test.each([
    [0, 'fine'],
    [1_000_000_000, 'lacks'],
  ])('with %d GiB needed: %s; the folder is not made for it', async (needed, verdict) => {
    await using folder = await scratch();
    const path = folder.at('cache');
    expect(await disks([{ who: 'cache', path, gib: needed }])).toMatchObject([
      {
        about: 'disk, cache',
        verdict,
        seen: expect.stringMatching(
          new RegExp(`^\\d+\\.\\d GiB free at ${path}, up to ${needed} GiB needed$`),
        ) as string,
      },
    ]);
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'what two of them write to one disk adds up, and another disk is looked at by itself',
    async () => {
      await using folder = await scratch();
      const [cache, engine] = [folder.at('cache'), folder.at('engine')];
      const needs = [
        { who: 'cache', path: cache, gib: 0.25 },
        { who: 'engine', path: engine, gib: 0.5 },
        { who: 'kernel', path: '/proc', gib: 1 },
      ];
      const [both, other, ...more] = await disks(needs);
      expect(both?.about).toBe('disk, cache and engine');
      expect(both?.seen).toContain(`free at ${cache} and ${engine}, up to 0.75 GiB needed`);
      expect(other).toMatchObject({ about: 'disk, kernel', verdict: 'lacks' });
      expect(more).toEqual([]);
    },
  );
});

describe('the disk of a machine that makes the images', () => {
  const needed = async () => {
    await using folder = await scratch();
    // Neither the engine of this machine nor its tools matter here.
    for (const name of ['docker', 'go', 'python3']) await program(folder, name, ['exit 1']);
    using _path = firstOnPath(folder);
    return (await examine({ images: 'packages' })).find(({ about }) => about === 'disk, cache')?.seen;
  };

  const compiled = async (name: string) => {
    await mkdir(cachePath('programs', name), { recursive: true });
    await writeFile(cachePath('programs', name, 'sums.json'), '{}');
  };

  test('needs room for the first build, until one has been finished', async () => {
    expect(await needed()).toMatch(/, up to 14 GiB needed$/);
    await compiled(`one${HALF_MADE}`);
    expect(await needed()).toMatch(/, up to 14 GiB needed$/);
    await compiled('one');
    expect(await needed()).toMatch(/, up to 2 GiB needed$/);
  });
});

describe('engine', () => {
  test.each([
    [docker, { verdict: 'fine', seen: 'Docker 27.0.0, runtime runc' }],
    [
      { ...docker, rootless: true },
      { verdict: 'limits', seen: 'Docker 27.0.0, runtime runc, rootless' },
    ],
  ])('that answers is described', (found, expected) => {
    expect(engine(found)).toMatchObject(expected);
  });

  test.runIf(process.platform === 'linux').each([
    ['1', 'limits'],
    ['2', 'fine'],
  ] as const)('with cgroup version %s: %s', (cgroupVersion, verdict) => {
    expect(cgroups({ ...docker, cgroupVersion })).toMatchObject({ verdict, seen: `version ${cgroupVersion}` });
  });
});

describe('tools', () => {
  test('neither Go nor Python is asked for where official images are taken', async () => {
    expect([await go('registry'), await python('registry')]).toEqual([
      fine('Go', 'not needed'),
      fine('Python', 'not needed'),
    ]);
  });

  test.each([
    ['1.99.0', 'fine', 'go1.99.0 linux/amd64'],
    ['1.20.1', 'limits', 'go version go1.20.1 linux/amd64, older than 1.26.8'],
  ])('Go %s: %s', async (version, verdict, seen) => {
    await using folder = await scratch();
    await program(folder, 'go', [`echo go version go${version} linux/amd64`]);
    using _path = firstOnPath(folder);
    expect(await go('packages')).toMatchObject({ verdict, seen });
  });

  test('a python3 without pip is lacking where images are made here', async () => {
    await using folder = await scratch();
    await program(folder, 'python3', ['exit 1']);
    using _path = firstOnPath(folder);
    expect(await python('packages')).toEqual(lacks('Python', 'no python3 with pip', 'apt-get install python3-pip'));
  });
});

describe('the base system', () => {
  test('that an ordinary user cannot make is lacking, before anything is compiled for it', async () => {
    await using folder = await scratch();
    await program(folder, 'docker', ['exit 1']);
    using _path = firstOnPath(folder);
    expect(await baseSystem('packages', 'an ordinary user')).toEqual(
      lacks(
        'base system',
        'an ordinary user',
        'run the first build as root on Debian or Ubuntu, or use a machine that reaches image registries',
      ),
    );
    expect(await baseSystem('packages', undefined)).toEqual(fine('base system', 'debootstrap makes it'));
    expect(await baseSystem('registry', 'an ordinary user')).toEqual(fine('base system', 'not needed'));
  });

  test('that is there may be used by anybody', async () => {
    await using folder = await scratch();
    await program(folder, 'docker', ['echo sha256:0f']);
    using _path = firstOnPath(folder);
    expect(await baseSystem('packages', 'an ordinary user')).toEqual(fine('base system', 'made before'));
  });

  test.each([
    [true, undefined],
    [false, 'an ordinary user, for whom debootstrap does not work'],
  ])('root %s: %s', async (root, why) => {
    await using folder = await scratch();
    await program(folder, 'debootstrap', []);
    using _path = firstOnPath(folder);
    expect(obstacle(root)).toBe(why);
  });
});

describe('other clusters of the harness', () => {
  test('that run here are named in one line, with what takes each of them down', () => {
    expect(neighbours(['mine', 'trial', 'old'], 'mine')).toEqual(
      limits(
        'clusters',
        'trial, old run here too, and an idle one takes CPU from the run',
        'npm run down -- --cluster trial; npm run down -- --cluster old',
      ),
    );
  });

  test('are not to be heard of where there are none', () => {
    expect(neighbours(['mine'], 'mine')).toEqual(fine('clusters', 'no other one of the harness runs here'));
    expect(neighbours(['mine'], undefined).verdict).toBe('limits');
  });
});
