import { existsSync } from 'node:fs';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

/** A checkout whose npm only notes what it was called for, and then does what it is told here. */
async function ciRun(npm: readonly string[], args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const folder = await scratch();
  await cp(join(projectRoot, '.ci'), folder.at('.ci'), { recursive: true });
  const calls = folder.at('calls');
  await program(folder, 'npm', [`echo "$*" >> ${calls}`, ...npm]);
  using _ = firstOnPath(folder);
  const { stdout, exitCode } = await execa(folder.at('.ci', 'run'), args, {
    reject: false,
    env: { CI_PATIENCE: '2', ...env },
  });
  const called = (await readFile(calls, 'utf8')).trim().split('\n');
  return {
    lines: stdout.split('\n'),
    exitCode,
    called: called.map((call) => call.replaceAll(/ci-\d+-\d+/g, 'NAME').replaceAll(folder.path, '')),
  };
}

test('the parts run one after the other on a cluster of their own, with options for e2e, and the cluster goes', async () => {
  const { called, lines, exitCode } = await ciRun([], ['--istio', '1.31.0']);
  expect(called).toEqual([
    'test -- --summary /report/ci/tests.json',
    'run e2e -- --cluster NAME --report /report/ci --workers 1 --istio 1.31.0',
    'run down -- --cluster NAME --engine',
  ]);
  expect(lines.at(-1)).toBe('0 passed, 0 failed');
  expect(exitCode).toBe(1);
});

test.each(['--context', '--cluster=mine', '--report'])('%s is refused before anything is done', async (option) => {
  await using folder = await scratch();
  await program(folder, 'npm', [`touch ${folder.at('called')}`]);
  using _ = firstOnPath(folder);
  const { exitCode, stderr } = await execa(join(projectRoot, '.ci', 'run'), ['--istio', '1.31.0', option, 'x'], {
    reject: false,
  });
  expect(stderr).toContain(`so ${option.replace(/=.*/, '')} cannot be given; npm run e2e takes it`);
  expect({ exitCode, called: existsSync(folder.at('called')) }).toEqual({ exitCode: 2, called: false });
});

test('clusters of runs that were killed go first, and nobody else does', async () => {
  await using cache = await scratch();
  // As it stands in the list of processes while its bundle is made.
  const atWork = execa('bash', ['-c', 'exec -a .ci/run sleep 60'], { reject: false });
  const names = ['ci-1-4194304', `ci-1-${atWork.pid}`, 'ci-main', 'ci-1-2-spare', 'mine'];
  for (const name of names) await mkdir(cache.at('clusters', name), { recursive: true });
  const { called } = await ciRun([], [], { ISTIO_E2E_CACHE: cache.path });
  atWork.kill();
  expect(called).toHaveLength(4);
  expect(called[0]).toBe('run down -- --cluster NAME');
});

test('a red run leaves a bundle before its cluster goes', async () => {
  const { called, lines } = await ciRun(['case "$2" in e2e) exit 1;; esac']);
  expect(called.slice(2)).toEqual([
    'run bundle -- --cluster NAME --report /report/ci',
    'run down -- --cluster NAME --engine',
  ]);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
});

test('what a part leaves at work is ended before the next begins', async () => {
  const { called, lines } = await ciRun(['case "$*" in test*) sleep 3600 & ;; esac']);
  expect(called).toHaveLength(3);
  expect(lines[0]).toMatch(/^What "npm test .*" started is still at work: sending it TERM$/);
});
