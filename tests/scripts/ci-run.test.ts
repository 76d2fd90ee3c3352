import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

/** A checkout whose npm only notes what it was called for, and then does what it is told here. */
async function ciRun(npm: readonly string[], args: readonly string[] = []) {
  const folder = await scratch();
  await cp(join(projectRoot, '.ci'), folder.at('.ci'), { recursive: true });
  const calls = folder.at('calls');
  await program(folder, 'npm', [`echo "$*" >> ${calls}`, ...npm]);
  using _ = firstOnPath(folder);
  const { stdout, exitCode } = await execa(folder.at('.ci', 'run'), args, {
    reject: false,
    env: { CI_PATIENCE: '2' },
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
