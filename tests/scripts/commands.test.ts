import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { versions } from '../../mesh/versions.ts';
import { scratch } from '../fakes/scratch.ts';
import { filesOf, runScript } from '../fakes/script.ts';

const cluster = ['--cluster', '--context', '--kubeconfig'];
const pins = ['--istio', '--kubernetes', '--images'];
const made = [...cluster, ...pins];
const suites = [
  '--workers',
  '--grep',
  '--grep-invert',
  '--repeat-each',
  '--shard',
  '--shuffle',
  '--keep',
  '--probation',
  '--no-addons',
  '--report',
];

const commands: Readonly<Record<string, readonly string[]>> = {
  e2e: [...made, '--app-images', ...suites],
  doctor: made,
  up: [...made, '--app-images'],
  deploy: [...cluster, '--workers'],
  addons: cluster,
  look: cluster,
  suites: [...cluster, ...suites, '--list', '--ui'],
  bundle: [...cluster, '--report', '--output'],
  faults: [...cluster, '--times', '--grep', '--report'],
  soak: [...cluster, '--runs', '--workers', '--grep', '--probation', '--seed', '--ledger', '--report'],
  selftest: [...cluster, '--workers', '--all', '--grep', '--report'],
  replay: [],
  compare: [],
  down: [...cluster, '--all', '--engine'],
  bench: pins,
  check: [],
  test: ['--summary'],
  format: [],
};

describe('commands', () => {
  test('are those that npm knows', async () => {
    const { scripts } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    expect(scripts).toEqual(
      Object.fromEntries(Object.keys(commands).map((name) => [name, `node scripts/run.mjs ${name}`])),
    );
  });

  test.concurrent.each(Object.entries(commands))(
    '%s says its options, and does nothing else',
    async (name, options) => {
      await using cache = await scratch();
      const { exitCode, stdout, stderr } = await runScript(cache, [name, '--help']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^Usage: ${name} \\[options\\]`));
      expect([...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1])).toEqual([
        ...options,
        '--help',
      ]);
      expect(await filesOf(cache)).toEqual([]);
    },
  );
});

describe('misuse', () => {
  const badName = 'expected: up to 42 lower-case letters, digits and dashes, not at its ends';
  const env = { ISTIO_E2E_CLUSTER: '../..' };

  test.concurrent.each<[readonly string[], readonly string[], Record<string, string>?]>([
    [
      ['deploy', '--nope'],
      ["error: unknown option '--nope'", '(--help lists the options)'],
    ],
    [
      ['compare', 'old'],
      ["error: missing required argument 'after'", '(--help lists the options)'],
    ],
    [['deploy', 'everything'], ['error: too many arguments. Expected 0 arguments but got 1.']],
    [
      ['up', '--istio', '9.9.9'],
      [
        'Choosing Istio: --istio 9.9.9, which versions.json does not pin [UNKNOWN_VERSION]',
        `expected: one of ${Object.keys(versions.istio.releases).join(', ')}`,
      ],
    ],
    [
      ['up', '--app-images', 'localhost:5000/e2e'],
      [
        'Reading --app-images: no --context [NO_CONTEXT]',
        'expected: the cluster that shall pull from there: --context NAME',
      ],
    ],
    [
      ['suites', '--workers', '0'],
      ['Reading --workers: "0" [BAD_COUNT]', 'expected: a whole number from 1 to 9999'],
    ],
    [
      ['deploy', '--cluster', 'Bad_Name'],
      ['Reading --cluster: "Bad_Name" [BAD_CLUSTER_NAME]', badName],
    ],
    [['deploy'], ['Reading --cluster: "../.." [BAD_CLUSTER_NAME]', badName], env],
  ])('%j is told what is wrong with exit code 2, and leaves nothing', async (args, told, more = {}) => {
    await using cache = await scratch();
    const { exitCode, stdout, stderr } = await runScript(cache, args, more);
    expect(stderr.split('\n')[0]).toContain(told[0]);
    for (const part of told) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(await filesOf(cache)).toEqual([]);
  });
});

describe('without a cluster', () => {
  const lock = (name: string) => [`cache/locks/${name}`, `cache/locks/${name}.holder`];

  test.concurrent.each([
    [['suites'], 'istio-e2e', ''],
    [['deploy', '--cluster', 'blue'], 'blue', ' -- --cluster blue'],
  ])('%j says how to get one with exit code 3, and leaves nothing but its lock', async (args, name, same) => {
    await using cache = await scratch();
    const report = args[0] === 'suites' ? ['--report', cache.at('report')] : [];
    const { exitCode, stderr } = await runScript(cache, [...args, ...report]);
    expect(stderr).toBe(
      [
        `Looking for cluster ${name}: none was brought up under this name [NO_CLUSTER]`,
        `  what to do: \`npm run up${same}\` makes one; \`npm run e2e${same}\` does everything`,
      ].join('\n'),
    );
    expect(exitCode).toBe(3);
    expect(await filesOf(cache)).toEqual(lock(name));
  });

  test.concurrent.each([
    ['suites'],
    // There is no engine that it could reach, and it starts none.
    ['e2e', '--images', 'packages'],
  ])('%s leaves no green report of an earlier run, and remembers its verdicts', async (...command) => {
    await using cache = await scratch();
    await mkdir(cache.at('report'));
    for (const name of ['results.json', 'junit.xml', 'verdicts.json']) await writeFile(cache.at('report', name), '{}');
    const { exitCode } = await runScript(cache, [...command, '--report', cache.at('report')]);
    expect(exitCode).toBe(3);
    expect(await filesOf(cache)).toEqual([...lock('istio-e2e'), 'report/verdicts.json']);
  });

  test.concurrent.each([
    [['suites', '--grep', '@T5'], 'NO_SCENARIO'],
    [['e2e', '--context', 'mistyped'], 'CONTEXT_NOT_FOUND'],
  ])('%j is misuse, and leaves the report of an earlier run as it is', async (args, code) => {
    await using cache = await scratch();
    await mkdir(cache.at('report'));
    await writeFile(cache.at('report', 'results.json'), '{}');
    const { exitCode, stderr } = await runScript(cache, [...args, '--report', cache.at('report')]);
    expect(stderr).toContain(`[${code}]`);
    expect(exitCode).toBe(2);
    expect(await filesOf(cache)).toContain('report/results.json');
  });

  test.concurrent('a list leaves the report of an earlier run as it is', async () => {
    await using cache = await scratch();
    await mkdir(cache.at('report'));
    await writeFile(cache.at('report', 'results.json'), '{}');
    const args = ['--list', '--grep', '@T05', '--report', cache.at('report')];
    const { exitCode, stdout } = await runScript(cache, ['suites', ...args]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Listing tests:\n.*\nTotal: 4 tests in 1 file$/s);
    expect(await readFile(cache.at('report', 'results.json'), 'utf8')).toBe('{}');
    expect(await filesOf(cache)).toEqual(['report/results.json']);
  });

  test.concurrent('down has nothing to do, says so, and leaves only its lock', async () => {
    await using cache = await scratch();
    const { exitCode, stdout } = await runScript(cache, ['down']);
    expect(stdout).toMatch(/\nThere was nothing to remove\.$/);
    expect(exitCode).toBe(0);
    expect(await filesOf(cache)).toEqual(lock('istio-e2e'));
  });

  test.concurrent('a context of a kubeconfig that is not there is refused as misuse', async () => {
    await using cache = await scratch();
    const { exitCode, stderr } = await runScript(cache, ['down', '--context', 'blue']);
    expect(stderr).toMatch(
      /^Looking for the cluster that --context names: no readable file .*no-kubeconfig \[CONTEXT_NOT_FOUND\]\n/,
    );
    expect(exitCode).toBe(2);
    expect((await filesOf(cache)).every((file) => file.startsWith('cache/locks/context-blue-'))).toBe(true);
  });
});
