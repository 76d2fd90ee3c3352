import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, type TestContext, test } from 'vitest';
import { isOnPath, run } from '../../mesh/command.ts';
import { mendRuntime } from '../../mesh/engine/reduced-runtime.ts';
import { hearing } from '../fakes/hearing.ts';
import { firstOnPath, program, type Scratch, scratch } from '../fakes/scratch.ts';

const runtime = fileURLToPath(new URL('../../mesh/engine/reduced-runtime.sh', import.meta.url));

const sets = (...names: readonly string[]) => ({
  bounding: names,
  effective: names,
  inheritable: [],
  permitted: names,
});
const asked = sets('CAP_CHOWN', 'CAP_SYS_RESOURCE', 'CAP_SYS_ADMIN');
const given = sets('CAP_CHOWN', 'CAP_SYS_ADMIN');

async function runtimeWithFakeRunc(context: TestContext): Promise<Scratch> {
  context.skip(!isOnPath('jq'), 'needs jq');
  const folder = await scratch();
  await program(folder, 'runc', ['for argument in "$@"; do echo "[$argument]"; done', 'exit 0']);
  return folder;
}

async function call(folder: Scratch, args: readonly string[]): Promise<string> {
  using _path = firstOnPath(folder);
  return await run('sh', [runtime, ...args], { doing: 'Running the reduced runtime' });
}

const contentOf = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as unknown;

describe('the reduced runtime', () => {
  test('takes CAP_SYS_RESOURCE, and nothing else, out of all sets of a container', async (context) => {
    await using folder = await runtimeWithFakeRunc(context);
    const config = { ociVersion: '1.2.0', process: { args: ['sh'], capabilities: asked }, hooks: null, mounts: [] };
    await writeFile(folder.at('config.json'), JSON.stringify(config));
    const printed = await call(folder, ['--root', '/run', 'create', '--bundle', folder.path, 'a container']);
    expect(await contentOf(folder.at('config.json'))).toEqual({
      ...config,
      process: { args: ['sh'], capabilities: given },
    });
    expect(printed.split('\n')).toEqual([
      '[--root]',
      '[/run]',
      '[create]',
      '[--bundle]',
      `[${folder.path}]`,
      '[a container]',
    ]);
    expect(await readdir(folder.path)).toEqual(['config.json', 'runc']);
  });

  test.for(['--process', '-p'])('takes it out of what is executed in a container (%s)', async (flag, context) => {
    await using folder = await runtimeWithFakeRunc(context);
    const file = folder.at('process.json');
    await writeFile(file, JSON.stringify({ args: ['sh'], capabilities: asked, cwd: '/' }));
    await call(folder, ['exec', flag, file, 'container']);
    expect(await contentOf(file)).toEqual({ args: ['sh'], capabilities: given, cwd: '/' });
  });

  test('leaves a container alone that asks for no capabilities, and commands without a file', async (context) => {
    await using folder = await runtimeWithFakeRunc(context);
    const config = { process: { args: ['echo', 'CAP_SYS_RESOURCE'] } };
    await writeFile(folder.at('config.json'), JSON.stringify(config));
    await call(folder, ['create', '--bundle', folder.path, 'container']);
    expect(await contentOf(folder.at('config.json'))).toEqual(config);
    expect(await call(folder, ['delete', '--force', 'container'])).toBe('[delete]\n[--force]\n[container]');
  });

  test('ends as runc does', async (context) => {
    await using folder = await runtimeWithFakeRunc(context);
    await program(folder, 'runc', ['exit 7']);
    await expect(call(folder, ['state', 'container'])).rejects.toThrow('exited with 7');
  });
});

describe('an engine that runs with it', () => {
  test('gets it back where somebody took it away, and nothing else is touched', async () => {
    await using folder = await scratch();
    const { say, notes } = hearing();
    const runtimeProgram = folder.at('engine', 'reduced-runtime.sh');
    await mendRuntime({ defaultRuntime: 'runc', runtimeProgram: folder.at('runc') }, say);
    await mendRuntime({ defaultRuntime: 'reduced', runtimeProgram }, say);
    expect(await readFile(runtimeProgram, 'utf8')).toBe(await readFile(runtime, 'utf8'));
    expect((await stat(runtimeProgram)).mode & 0o111).toBe(0o111);
    await writeFile(runtimeProgram, 'of somebody else');
    await mendRuntime({ defaultRuntime: 'reduced', runtimeProgram }, say);
    expect(await readFile(runtimeProgram, 'utf8')).toBe('of somebody else');
    expect(await readdir(folder.path)).toEqual(['engine']);
    expect(notes).toHaveLength(1);
  });
});
