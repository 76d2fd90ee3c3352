import { release, version as kernel } from 'node:os';
import { ask } from '../command.ts';
import { examine, inLines } from '../machine/doctor.ts';
import { projectRoot } from '../paths.ts';
import { type ClusterHandle, sourceOf } from '../cluster/handle.ts';
import { versions } from '../versions.ts';
import type { Piece } from './piece.ts';

const NODE_LINES = '300';

/** What the harness, this machine and its engine are. */
export function fromMachine(handle: ClusterHandle | undefined, cluster: string): readonly Piece[] {
  return [
    { path: 'versions.json', take: async () => JSON.stringify(await versionsOf(handle), undefined, 1) },
    {
      path: 'doctor.txt',
      take: async () => {
        const own = handle?.provider === 'kind' ? cluster : undefined;
        return `${inLines(await examine({ images: 'auto', before: sourceOf(handle) }, own))}\n`;
      },
    },
    { path: 'engine/containers.txt', take: () => docker('ps', '-a', '--filter', 'label=io.x-k8s.kind.cluster') },
    { path: 'engine/info.txt', take: () => docker('info') },
    {
      path: 'engine/node-state.json',
      take: () => docker('inspect', '--format', '{{json .State}}', `${cluster}-control-plane`),
    },
    { path: 'engine/node.log', take: () => docker('logs', '--tail', NODE_LINES, `${cluster}-control-plane`) },
  ];
}

async function versionsOf(handle: ClusterHandle | undefined): Promise<object> {
  const git = (...args: readonly string[]) => ask('git', ['-C', projectRoot, ...args]);
  return {
    harness: {
      commit: await git('rev-parse', 'HEAD'),
      changed: (await git('status', '--porcelain'))?.split('\n').filter((line) => line !== ''),
    },
    node: process.version,
    system: `${process.platform} ${process.arch} ${release()} ${kernel()}`,
    cluster: handle ?? 'none was brought up under this name',
    pinned: versions,
  };
}

async function docker(...args: readonly string[]): Promise<string> {
  const said = await ask('docker', args, 20_000);
  if (said === undefined) throw new Error(`\`docker ${args.slice(0, 2).join(' ')}\` gave no answer`);
  return `${said}\n`;
}
