import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import { reachEngine } from '../engine/engine.ts';
import { hasSysResource } from '../engine/capabilities.ts';
import { interruption, unlessInterrupted } from '../interruption.ts';
import { clusterPath } from '../paths.ts';
import type { Say } from '../say.ts';
import { nameOf } from '../source/hash.ts';
import { writeWhole } from '../write-whole.ts';
import { kindConfig } from './kind-config.ts';
import { lookAtNode, removeNode } from './kind-node.ts';
import type { Boot, ClusterAccess, ClusterProvider } from './provider.ts';
import { answersReady, awaitNode } from './readiness.ts';

const CREATE_LIMIT = 5 * 60_000;

/** Written last: a cluster whose creation was cut off has none. */
const recordSchema = z.object({ node: z.string(), config: z.string() });

const configPath = (name: string): string => clusterPath(name, 'kind.yaml');

/** Whether this cache has made a kind cluster of this name, or begun to, and knows nothing of its end. */
export const isRecorded = (name: string): boolean => existsSync(configPath(name));

/** One cluster of kind's, which the harness makes, owns and removes. */
export class KindProvider implements ClusterProvider {
  readonly #name: string;
  readonly #access: ClusterAccess;
  readonly #record: string;

  constructor(name: string) {
    this.#name = name;
    this.#access = { name, provider: 'kind', kubeconfig: clusterPath(name, 'kubeconfig'), context: `kind-${name}` };
    this.#record = clusterPath(name, 'created.json');
  }

  async check(): Promise<void> {
    // Without an engine there is no cluster yet that could be somebody else's.
    if ((await reachEngine()) === undefined) return;
    if ((await lookAtNode(this.#name)).state === 'foreign') throw foreign(this.#name);
  }

  async ensure(boot: Boot, say: Say): Promise<ClusterAccess> {
    const config = await this.#config(boot, say);
    const flaw = await this.#flaw(boot.node, config);
    if (flaw === undefined) {
      say.note(`cluster ${this.#name} is there and right`);
      return this.#access;
    }
    if (flaw !== 'absent') {
      say.note(`cluster ${this.#name} is there but ${flaw}: making it anew`);
      await this.#delete();
    }
    await this.#create(boot, config, say);
    return this.#access;
  }

  async remove(say: Say): Promise<readonly string[]> {
    // Of a cluster that was made here the engine has to say that it is gone.
    if (!isRecorded(this.#name) && (await reachEngine()) === undefined) return [];
    const { state } = await lookAtNode(this.#name);
    if (state === 'foreign') throw foreign(this.#name);
    if (state !== 'absent') {
      say(`removing cluster ${this.#name}`);
      await this.#delete();
    }
    await rm(clusterPath(this.#name), { recursive: true, force: true });
    return state === 'absent' ? [] : [`cluster ${this.#name}`];
  }

  /** Why what is there cannot be used; `absent` where nothing is, undefined where it is right. */
  async #flaw(node: string, config: string): Promise<string | undefined> {
    const found = await lookAtNode(this.#name);
    if (found.state === 'absent') return 'absent';
    if (found.state === 'foreign') throw foreign(this.#name);
    if (found.state === 'stopped') return `its node is stopped (${found.status}), as after a reboot`;
    if (!existsSync(this.#record)) return 'its creation was never finished';
    const record = recordSchema.parse(JSON.parse(await readFile(this.#record, 'utf8')));
    if (record.node !== node) return `was made from ${record.node}, and ${node} is wanted`;
    if (record.config !== nameOf(config)) return 'was made with other settings';
    return (await answersReady(this.#access)) ? undefined : 'its API server does not answer';
  }

  async #create({ node, kind }: Boot, config: string, say: Say): Promise<void> {
    const file = configPath(this.#name);
    const { kubeconfig } = this.#access;
    await this.#forget();
    await writeFile(file, config);
    const args = [
      'create',
      'cluster',
      '--name',
      this.#name,
      '--image',
      node,
      '--config',
      file,
      '--kubeconfig',
      kubeconfig,
    ];
    const creation = run(kind, args, {
      doing: `Making cluster ${this.#name}`,
      code: 'CLUSTER_NOT_MADE',
      timeoutMillis: CREATE_LIMIT,
      // An engine that was told to make a container makes it, also when the one who told it is gone: kind has to live until then.
      shielded: true,
      onLine: (line) => {
        say(`kind: ${line.replace(/[^\x20-\x7e]/g, '').trim()}`);
      },
    });
    try {
      await unlessInterrupted(creation);
      say('waiting for the node to be ready');
      await awaitNode(this.#access);
    } catch (error) {
      // The next run would mend a cluster that is half there, but it must not stay until then. Not if it is another's, though:
      // kind also fails where somebody was quicker.
      if (interruption.signal.aborted || (await lookAtNode(this.#name)).state !== 'foreign')
        await this.#delete(creation);
      throw error;
    }
    await writeWhole(this.#record, JSON.stringify({ node, config: nameOf(config) }));
  }

  async #config({ engine, ownNetwork }: Boot, say: Say): Promise<string> {
    const folder = clusterPath(this.#name, 'owner');
    await mkdir(folder, { recursive: true });
    await writeFile(clusterPath(this.#name, 'owner', 'README'), 'This cluster belongs to istio-e2e.\n');
    const facts = { cgroupVersion: engine.cgroupVersion, sysResource: await hasSysResource(), ownNetwork };
    return kindConfig(this.#name, folder, facts, say);
  }

  async #delete(maker?: Promise<unknown>): Promise<void> {
    await rm(this.#record, { force: true });
    await removeNode(this.#name, maker);
    await this.#forget();
  }

  /** What is known of a cluster is of no other that bears its name: also where somebody else removed it. */
  async #forget(): Promise<void> {
    for (const file of [this.#record, this.#access.kubeconfig, clusterPath(this.#name, 'cluster.json')])
      await rm(file, { force: true });
  }
}

function foreign(name: string): HarnessError {
  return new HarnessError({
    code: 'CLUSTER_FOREIGN',
    blame: 'usage',
    doing: `Looking at cluster ${name}`,
    expected: 'no kind cluster of this name, or one that the harness made',
    seen: `a kind cluster ${name} whose node does not carry the harness's mark`,
    next: `choose another name with --cluster, or say --context kind-${name} to work on that cluster as it is`,
  });
}
