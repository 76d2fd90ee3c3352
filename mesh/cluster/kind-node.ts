import { realpath } from 'node:fs/promises';
import { execa } from 'execa';
import { z } from 'zod';
import { run } from '../command.ts';
import { clusterPath } from '../paths.ts';
import { converge, stubbornClock } from '../waiting/converge.ts';
import { OWNER_MOUNT } from './kind-config.ts';

const nodeSchema = z.tuple([
  z.object({
    State: z.object({ Running: z.boolean(), Status: z.string() }),
    Mounts: z.array(z.object({ Source: z.string(), Destination: z.string() })),
  }),
]);

export type KindNode =
  | { readonly state: 'absent' }
  /** A kind cluster of this name that somebody else made. */
  | { readonly state: 'foreign' }
  | { readonly state: 'stopped'; readonly status: string }
  | { readonly state: 'running' };

/**
 * The container that is the cluster's only node. Its mount says whose it is, even when it is stopped: only the harness that works with
 * this very cache folder owns it, since only that one has its record and its lock.
 *
 * @throws HarnessError where the engine does not answer: a node that cannot be seen is not absent
 */
export async function lookAtNode(cluster: string): Promise<KindNode> {
  const doing = `Looking at cluster ${cluster}`;
  const ids = await run('docker', ['ps', '-aq', '--filter', `name=^/?${nodeName(cluster)}$`], {
    doing,
    timeoutMillis: 30_000,
  });
  const [id = ''] = ids.split('\n');
  if (id === '') return { state: 'absent' };
  const printed = await run('docker', ['container', 'inspect', id], { doing, timeoutMillis: 30_000 });
  const [node] = nodeSchema.parse(JSON.parse(printed));
  const owner = node.Mounts.find(({ Destination }) => Destination === OWNER_MOUNT)?.Source;
  if (!(await isOwn(cluster, owner))) return { state: 'foreign' };
  return node.State.Running ? { state: 'running' } : { state: 'stopped', status: node.State.Status };
}

/** Docker Desktop names a folder of the Mac by where its own virtual machine has it, and without symbolic links. */
async function isOwn(cluster: string, owner: string | undefined): Promise<boolean> {
  const path = clusterPath(cluster, 'owner');
  const seen = owner?.replace(/^\/host_mnt(?=\/)/, '');
  return seen === path || (seen !== undefined && seen === (await realpath(path).catch(() => undefined)));
}

/**
 * Removes the node with its volume, whether it runs or not, and although the run was interrupted.
 *
 * @param maker what may still be making the node: removed is what it makes too
 */
export async function removeNode(cluster: string, maker?: Promise<unknown>): Promise<void> {
  let atWork = maker !== undefined;
  const ended = () => (atWork = false);
  void maker?.then(ended, ended);
  const look = async () => ({ wasAtWork: atWork, wasThere: await removed(nodeName(cluster)) });
  const gone = ({ wasAtWork, wasThere }: Awaited<ReturnType<typeof look>>) => !wasAtWork && !wasThere;
  await converge(look, gone, { every: 300, within: 120_000, clock: stubbornClock });
}

async function removed(container: string): Promise<boolean> {
  // Detached, because Ctrl-C reaches the whole foreground group and this is what has to happen then.
  const { stdout } = await execa('docker', ['rm', '-f', '-v', container], {
    reject: false,
    timeout: 60_000,
    detached: true,
  });
  return stdout.includes(container);
}

/** Names of all kind clusters on this engine that the harness made; with `running`, of those that are at work. */
export async function ownedClusters(which: 'all' | 'running' = 'all'): Promise<readonly string[]> {
  const label = 'io.x-k8s.kind.cluster';
  const format = `{{.Label "${label}"}}`;
  const among = which === 'all' ? ['-a'] : ['--filter', 'status=running'];
  const printed = await run('docker', ['ps', ...among, '--filter', `label=${label}`, '--format', format], {
    doing: 'Looking for clusters',
  });
  const names = [...new Set(printed.split('\n').filter((name) => name !== ''))];
  const nodes = await Promise.all(names.map(lookAtNode));
  return names.filter((_, index) => ['running', 'stopped'].includes(nodes[index]?.state ?? ''));
}

const nodeName = (cluster: string): string => `${cluster}-control-plane`;
