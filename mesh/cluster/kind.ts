import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { ask, run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import { hasSysResource } from '../engine/capabilities.ts';
import type { Engine } from '../engine/engine.ts';
import { connect } from '../kube/kube.ts';
import { clusterPath } from '../paths.ts';
import type { Say } from '../say.ts';
import { nameOf } from '../source/hash.ts';
import { converge } from '../waiting/converge.ts';
import { kindConfig, OWNER_MOUNT } from './kind-config.ts';
import type { ClusterAccess, ClusterProvider } from './provider.ts';

const CREATE_LIMIT = 5 * 60_000;
const READY_LIMIT = 120_000;

const nodeSchema = z.tuple([
  z.object({
    State: z.object({ Running: z.boolean(), Status: z.string() }),
    Mounts: z.array(z.object({ Source: z.string(), Destination: z.string() })),
  }),
]);

type Found =
  | { readonly state: 'absent' | 'fit' }
  | { readonly state: 'broken' | 'foreign'; readonly reason: string };

/** Written last: a cluster whose creation was cut off has none. */
const recordSchema = z.object({ node: z.string(), config: z.string() });

export interface KindOptions {
  readonly name: string;
  readonly engine: Engine;
  /** Path of the kind program. */
  readonly kind: string;
  readonly ownNetwork: boolean;
}

/** One cluster of kind's, which the harness makes, owns and removes. */
export class KindProvider implements ClusterProvider {
  readonly #options: KindOptions;

  constructor(options: KindOptions) {
    this.#options = options;
  }

  async ensure(nodeImage: () => Promise<string>, say: Say): Promise<ClusterAccess> {
    const node = await nodeImage();
    const config = await this.#config(say);
    const found = await this.#compare(node, config);
    if (found.state === 'fit') {
      say.note(`cluster ${this.#options.name} is there and right`);
      return this.#access();
    }
    if (found.state === 'foreign') throw this.#foreign(found.reason);
    if (found.state === 'broken') {
      say.note(`cluster ${this.#options.name} is there but ${found.reason}: making it anew`);
      await this.#delete();
    }
    await this.#create(node, config, say);
    return this.#access();
  }

  async #look(): Promise<Found> {
    const { name } = this.#options;
    const printed = await ask('docker', ['inspect', `${name}-control-plane`]);
    if (printed === undefined) return { state: 'absent' };
    const [node] = nodeSchema.parse(JSON.parse(printed));
    const owned = node.Mounts.some(({ Destination }) => Destination === OWNER_MOUNT);
    if (!owned) return { state: 'foreign', reason: 'its node does not carry the mark of this harness' };
    if (!node.State.Running) return { state: 'broken', reason: `its node is ${node.State.Status}, as after a reboot` };
    if (!existsSync(clusterPath(name, 'created.json'))) return { state: 'broken', reason: 'its creation was never finished' };
    const ready = await apiReady(this.#access());
    return ready ? { state: 'fit' } : { state: 'broken', reason: 'its API server does not answer' };
  }

  async remove(say: Say): Promise<readonly string[]> {
    const { name } = this.#options;
    const found = await this.#look();
    if (found.state === 'foreign') throw this.#foreign(found.reason);
    if (found.state !== 'absent') {
      say(`removing cluster ${name}`);
      await this.#delete();
    }
    await rm(clusterPath(name), { recursive: true, force: true });
    return found.state === 'absent' ? [] : [`cluster ${name}`];
  }

  async #compare(node: string, config: string): Promise<Found> {
    const found = await this.#look();
    if (found.state !== 'fit') return found;
    const record = recordSchema.parse(JSON.parse(await readFile(clusterPath(this.#options.name, 'created.json'), 'utf8')));
    if (record.node !== node) return { state: 'broken', reason: `made from ${record.node}, and ${node} is wanted` };
    if (record.config !== nameOf(config)) return { state: 'broken', reason: 'made with other settings' };
    return found;
  }

  async #create(node: string, config: string, say: Say): Promise<void> {
    const { name, kind } = this.#options;
    const file = clusterPath(name, 'kind.yaml');
    await writeFile(file, config);
    say(`kind makes cluster ${name}`);
    try {
      await run(kind, ['create', 'cluster', '--name', name, '--image', node, '--config', file, '--kubeconfig', this.#access().kubeconfig], {
        doing: `Making cluster ${name}`,
        code: 'CLUSTER_NOT_MADE',
        timeoutMillis: CREATE_LIMIT,
        env: { KUBECONFIG: this.#access().kubeconfig },
        onLine: (line) => {
          say(`kind: ${line.replace(/^[^A-Za-z]+/, '').slice(0, 60)}`);
        },
      });
      await this.#nodeReady(say);
    } catch (error) {
      // A cluster that is half there would be mended by the next run, but it must not stay until then.
      await this.#delete();
      throw error;
    }
    await writeFile(clusterPath(name, 'created.json'), JSON.stringify({ node, config: nameOf(config) }));
  }

  async #nodeReady(say: Say): Promise<void> {
    say('waiting for the node to be ready');
    const ready = () => nodeReady(this.#access());
    const { held, millis } = await converge(ready, Boolean, { every: 200, within: READY_LIMIT });
    if (held) return;
    throw new HarnessError({
      code: 'NODE_NOT_READY',
      blame: 'environment',
      doing: `Making cluster ${this.#options.name}`,
      expected: 'its node ready',
      seen: 'it is not',
      afterMillis: millis,
      next: 'run this again; `npm run doctor` names what this machine lacks',
    });
  }

  async #config(say: Say): Promise<string> {
    const { name, engine, ownNetwork } = this.#options;
    const folder = clusterPath(name, 'owner');
    await mkdir(folder, { recursive: true });
    await writeFile(clusterPath(name, 'owner', 'README'), 'This cluster belongs to istio-e2e.\n');
    return kindConfig(name, folder, { cgroupVersion: engine.cgroupVersion, sysResource: await hasSysResource(), ownNetwork }, say);
  }

  #access(): ClusterAccess {
    const { name } = this.#options;
    return { name, provider: 'kind', kubeconfig: clusterPath(name, 'kubeconfig'), context: `kind-${name}` };
  }

  async #delete(): Promise<void> {
    const { name } = this.#options;
    await rm(clusterPath(name, 'created.json'), { force: true });
    // Not through kind and not cancellable: this also runs when the user has interrupted, and must come to its end.
    await removeContainer(`${name}-control-plane`);
    await rm(clusterPath(name, 'kubeconfig'), { force: true });
  }

  #foreign(reason: string): HarnessError {
    const { name } = this.#options;
    return new HarnessError({
      code: 'CLUSTER_FOREIGN',
      blame: 'usage',
      doing: `Looking at cluster ${name}`,
      expected: 'no cluster of this name, or one that this harness made',
      seen: `a kind cluster ${name}; ${reason}`,
      next: 'choose another name with --cluster, or say --context to work on a cluster that is not the harness\'s own',
    });
  }
}

/** Removes a container with its volumes, whether it runs or not, and although the run was interrupted. */
async function removeContainer(name: string): Promise<void> {
  const { execa } = await import('execa');
  await execa('docker', ['rm', '-f', '-v', name], { reject: false, timeout: 60_000, detached: true });
}

async function apiReady(access: ClusterAccess): Promise<boolean> {
  if (!existsSync(access.kubeconfig)) return false;
  const kube = await connect(access);
  const { held } = await converge(() => kube.rest.call({ method: 'GET', path: '/readyz' }).then(({ status }) => status === 200, () => false), Boolean, {
    every: 250,
    within: 5_000,
  });
  return held;
}

const nodesSchema = z.array(z.object({ status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) }) }));

async function nodeReady(access: ClusterAccess): Promise<boolean> {
  const kube = await connect(access);
  const nodes = nodesSchema.parse(await kube.list({ apiVersion: 'v1', kind: 'Node' }));
  return nodes.some(({ status }) => status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'));
}
