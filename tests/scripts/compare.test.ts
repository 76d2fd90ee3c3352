import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Scratch, scratch } from '../fakes/scratch.ts';
import { runScript } from '../fakes/script.ts';

const run = { schema: 1, run: 'r', kubernetes: '1.36.3', provider: 'kind', upstreamEnvoy: true, node: 'v24' };
const green = { status: 'expected', results: [] };
const red = { status: 'unexpected', results: [{ errors: [{ message: 'Error: not split' }] }] };

/** A report with one test in it; without its evidence where no release is named. */
async function reportOf(folder: Scratch, name: string, ended: object, about?: object, whole = true): Promise<void> {
  await mkdir(folder.at(name, 'evidence'), { recursive: true });
  const json = {
    suites: [{ specs: [{ title: 'half', file: 'a.spec.ts', tags: ['T05'], tests: [ended] }] }],
    errors: [],
  };
  await writeFile(folder.at(name, 'results.json'), JSON.stringify(json));
  if (about === undefined) return;
  await writeFile(folder.at(name, 'evidence', 'run.json'), JSON.stringify({ ...run, ...about }));
  if (whole) await writeFile(folder.at(name, 'evidence', 'end.json'), '{}');
}

describe('compare', () => {
  test.concurrent('names the versions, whose Envoy, and what turned red, with exit code 1', async () => {
    await using folder = await scratch();
    await reportOf(folder, 'old', green, { istio: '1.31.0' });
    await reportOf(folder, 'new', red, { istio: '1.31.1', upstreamEnvoy: false });
    const { exitCode, stdout, stderr } = await runScript(folder, ['compare', 'old', 'new'], { INIT_CWD: folder.path });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `before: Istio 1.31.0 with upstream's Envoy, Kubernetes 1.36.3 (${folder.at('old')})`,
      `after: Istio 1.31.1 with its own proxy, Kubernetes 1.36.3 (${folder.at('new')})`,
      '',
      '| test | before | after |',
      '| --- | --- | --- |',
      '| T05 half | passed | failed: Error: not split |',
      '',
      '1 differ: 1 turned red; 0 ended alike',
    ]);
  });

  test.concurrent('ends with 0 where nothing turned red, also without the versions', async () => {
    await using folder = await scratch();
    await reportOf(folder, 'old', red);
    await reportOf(folder, 'new', green);
    const { exitCode, stdout } = await runScript(folder, ['compare', folder.at('old'), folder.at('new')]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(`before: it does not say of which versions (${folder.at('old')})`);
    expect(stdout.split('\n').at(-1)).toBe('1 differ: 1 turned green; 0 ended alike');
  });

  test.concurrent.each([
    ['missing', 'no such folder [NO_REPORT]'],
    ['empty', 'no results.json in it [NO_REPORT]'],
    ['empty/file', 'it is a file [NO_REPORT]'],
    ['half', 'Unterminated string in JSON at position 5'],
    ['other', 'a file of another form [REPORT_UNREADABLE]'],
  ])('%s is no report: %s', async (name, seen) => {
    await using folder = await scratch();
    await reportOf(folder, 'old', green);
    for (const [there, text] of [
      ['half', '{"sui'],
      ['other', '{"suites":1}'],
    ] as const) {
      await mkdir(folder.at(there));
      await writeFile(folder.at(there, 'results.json'), text);
    }
    await mkdir(folder.at('empty'));
    await writeFile(folder.at('empty', 'file'), '');
    const { exitCode, stdout, stderr } = await runScript(folder, ['compare', folder.at('old'), folder.at(name)]);
    expect(stderr.split('\n')[0]).toContain(`Reading the report in ${folder.at(name)}: ${seen}`);
    expect(stderr).toContain('\n  what to do: ');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test.concurrent('ends with 3 where the second run broke as a whole, and says why', async () => {
    await using folder = await scratch();
    await reportOf(folder, 'old', green);
    await mkdir(folder.at('new'));
    const broken = { suites: [], errors: [{ message: 'HarnessError: the API server is gone [KUBE_SILENT]' }] };
    await writeFile(folder.at('new', 'results.json'), JSON.stringify(broken));
    const { exitCode, stdout } = await runScript(folder, ['compare', folder.at('old'), folder.at('new')]);
    expect(stdout).toContain('\nThe second run was disturbed: HarnessError: the API server is gone [KUBE_SILENT]\n');
    expect(exitCode).toBe(3);
  });

  test.concurrent(
    'ends with 3 where the second run was stopped before its end, and with 1 where something was red by then',
    async () => {
      await using folder = await scratch();
      await reportOf(folder, 'old', green, { istio: '1.31.0' });
      await reportOf(folder, 'green', green, { istio: '1.31.1' }, false);
      await reportOf(folder, 'red', red, { istio: '1.31.1' }, false);
      for (const [name, code] of [
        ['green', 3],
        ['red', 1],
      ] as const) {
        const { exitCode, stdout } = await runScript(folder, ['compare', folder.at('old'), folder.at(name)]);
        expect(stdout).toContain('\nThe second run was disturbed: it did not come to its end\n');
        expect(exitCode).toBe(code);
      }
    },
  );

  test.concurrent('refuses two runs that judged nothing of the same', async () => {
    await using folder = await scratch();
    await reportOf(folder, 'old', green);
    await reportOf(folder, 'new', { status: 'skipped', expectedStatus: 'skipped', results: [] });
    const { exitCode, stderr } = await runScript(folder, ['compare', folder.at('old'), folder.at('new')]);
    expect(stderr.split('\n')[0]).toMatch(/none, of 1 in the first and 1 in the second \[NOTHING_IN_COMMON\]$/);
    expect(exitCode).toBe(2);
  });
});
