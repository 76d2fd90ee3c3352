import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { KindProvider } from '../../mesh/cluster/kind.ts';
import { clusterPath } from '../../mesh/paths.ts';
import { apiServer, writeKubeconfig } from '../fakes/api-server.ts';
import { dockerInfo } from '../fakes/docker-info.ts';
import { hearing } from '../fakes/hearing.ts';
import { firstOnPath, program, scratch } from '../fakes/scratch.ts';

const engine = {
  version: '27.0.0',
  cgroupVersion: '2',
  defaultRuntime: 'runc',
  runtimeProgram: '',
  dataRoot: '/nowhere',
  rootless: false,
} as const;

const node = (owner: string | undefined, status = 'running') =>
  JSON.stringify([
    {
      State: { Running: status === 'running', Status: status },
      Mounts: [
        { Source: '/var/lib/docker/volumes/1', Destination: '/var' },
        ...(owner === undefined ? [] : [{ Source: owner, Destination: '/kind/istio-e2e' }]),
      ],
    },
  ]);
const ours = (name: string, status?: string) => node(clusterPath(name, 'owner'), status);

/** A docker that knows at most one node, and a kind that makes it. */
async function fakeEngine(name: string) {
  const folder = await scratch();
  const server = await apiServer();
  await writeKubeconfig(folder.at('kubeconfig'), `kind-${name}`, server);
  await writeFile(folder.at('made.json'), ours(name));
  await writeFile(folder.at('info.json'), JSON.stringify(dockerInfo));
  await program(folder, 'docker', [
    `echo "docker $*" >> ${folder.at('calls')}`,
    'case "$1 $2" in',
    `  "info --format") cat ${folder.at('info.json')} ;;`,
    `  "ps -aq") if [ -f ${folder.at('node.json')} ]; then echo 0123456789ab; fi ;;`,
    `  "container inspect") cat ${folder.at('node.json')} ;;`,
    `  "rm -f") rm ${folder.at('node.json')} && echo "$4" ;;`,
    'esac',
  ]);
  const kind = await program(folder, 'kind', [
    `echo "kind $*" >> ${folder.at('calls')}`,
    `cp ${folder.at('made.json')} ${folder.at('node.json')}`,
    `if [ -f ${folder.at('broken')} ]; then echo "ERROR: no space"; exit 1; fi`,
    'while [ "$1" != --kubeconfig ]; do shift; done',
    `cp ${folder.at('kubeconfig')} "$2"`,
  ]);
  const path = firstOnPath(folder);
  const ear = hearing();
  const provider = new KindProvider(name);
  return {
    ...ear,
    ensure: (image = 'node:1') => provider.ensure({ engine, kind, node: image, ownNetwork: true }, ear.say),
    remove: () => provider.remove(ear.say),
    /** What the engine says of the node from now on. */
    node: (text: string) => writeFile(folder.at('node.json'), text),
    loseNode: () => rm(folder.at('node.json')),
    breakKind: () => copyFile(folder.at('made.json'), folder.at('broken')),
    hasNode: () => existsSync(folder.at('node.json')),
    /** First words of what was done to the engine, without the looking. */
    done: async () =>
      (await readFile(folder.at('calls'), 'utf8'))
        .trimEnd()
        .split('\n')
        .filter((call) => !/^docker (container inspect|ps|info) /.test(call))
        .map((call) => call.split(' ').slice(0, 3).join(' '))
        // A removal is repeated until nothing comes after.
        .filter((call, index, calls) => call !== calls[index - 1]),
    [Symbol.asyncDispose]: async () => {
      path[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('a kind cluster', () => {
  test('that is absent is made, and left alone when it is asked for again', async () => {
    await using fake = await fakeEngine('fresh');
    const access = await fake.ensure();
    expect(access).toEqual({
      name: 'fresh',
      provider: 'kind',
      kubeconfig: clusterPath('fresh', 'kubeconfig'),
      context: 'kind-fresh',
    });
    expect(await fake.ensure()).toEqual(access);
    expect(await fake.done()).toEqual(['kind create cluster']);
    expect(fake.notes.at(-1)).toBe('cluster fresh is there and right');
  });

  test.each([
    ['no mark', node(undefined)],
    ['the mark of another cache', node('/elsewhere/clusters/theirs/owner')],
  ])('that carries %s is never touched', async (_, mark) => {
    await using fake = await fakeEngine('theirs');
    await fake.node(mark);
    const foreign = expect.objectContaining({
      code: 'CLUSTER_FOREIGN',
      blame: 'usage',
      message: expect.stringContaining('--context kind-theirs') as string,
    }) as Error;
    await expect(fake.ensure()).rejects.toThrow(foreign);
    await expect(fake.remove()).rejects.toThrow(foreign);
    expect(await fake.done()).toEqual([]);
  });

  test('is known again where Docker Desktop names the folder by where its virtual machine has it', async () => {
    await using fake = await fakeEngine('desktop');
    await fake.ensure();
    await fake.node(node(`/host_mnt${clusterPath('desktop', 'owner')}`));
    await fake.remove();
    expect(await fake.done()).toEqual(['kind create cluster', 'docker rm -f']);
  });

  test.each([
    ['stopped', ours('stopped', 'exited'), 'its node is stopped (exited), as after a reboot'],
    ['never finished', ours('never-finished'), 'its creation was never finished'],
  ])('that is %s is made anew, and the reason said', async (name, seen, why) => {
    await using fake = await fakeEngine(name.replace(' ', '-'));
    await fake.node(seen);
    await fake.ensure();
    expect(fake.notes).toContain(`cluster ${name.replace(' ', '-')} is there but ${why}: making it anew`);
    expect(await fake.done()).toEqual(['docker rm -f', 'kind create cluster']);
  });

  test('that somebody else removed is made, and nothing is known of it that was written of the one before', async () => {
    await using fake = await fakeEngine('by-hand');
    await fake.ensure();
    await writeFile(clusterPath('by-hand', 'cluster.json'), '{}');
    await fake.loseNode();
    await fake.ensure();
    expect(existsSync(clusterPath('by-hand', 'cluster.json'))).toBe(false);
    expect(await fake.done()).toEqual(['kind create cluster']);
  });

  test('that was made from another image is made anew', async () => {
    await using fake = await fakeEngine('older');
    await fake.ensure('node:1');
    await fake.ensure('node:2');
    expect(fake.notes).toContain(
      'cluster older is there but was made from node:1, and node:2 is wanted: making it anew',
    );
    expect(await fake.done()).toEqual(['kind create cluster', 'docker rm -f', 'kind create cluster']);
  });

  test('whose making fails is removed, with the last words of kind in the error', async () => {
    await using fake = await fakeEngine('broken');
    await fake.breakKind();
    await expect(fake.ensure()).rejects.toThrow(
      expect.objectContaining({
        code: 'CLUSTER_NOT_MADE',
        message: expect.stringMatching(
          /^Making cluster broken: `.*kind create cluster .*` exited with 1\n {4}ERROR: no space \[CLUSTER_NOT_MADE\]/,
        ) as string,
      }),
    );
    expect(fake.heard).toContain('kind: ERROR: no space');
    expect(fake.hasNode()).toBe(false);
    expect(await readdir(clusterPath('broken'))).toEqual(['kind.yaml', 'owner']);
  });

  test('is removed with all that is known of it, and only if it is there', async () => {
    await using fake = await fakeEngine('done-with');
    await fake.ensure();
    expect(await fake.remove()).toEqual(['cluster done-with']);
    expect(existsSync(clusterPath('done-with'))).toBe(false);
    expect(await fake.remove()).toEqual([]);
    expect(await fake.done()).toEqual(['kind create cluster', 'docker rm -f']);
  });
});
