import { existsSync } from 'node:fs';
import { HarnessError } from '../errors.ts';
import { reachEngine } from '../engine/engine.ts';
import { connect, type Kube } from '../kube/kube.ts';
import { clusterPath } from '../paths.ts';
import type { Say } from '../say.ts';
import type { ClusterHandle } from './handle.ts';
import { KindProvider } from './kind.ts';
import type { ClusterAccess } from './provider.ts';

/** A second cluster beside the one that the suites share, without Istio, for what would take that one from the others. */
export interface Spare extends AsyncDisposable {
  readonly access: ClusterAccess;
  readonly kube: Kube;
}

const nameOfSpare = (cluster: string): string => `${cluster}-spare`;

/** Makes it as the first one was made. */
export async function makeSpare({ name, boot }: ClusterHandle, say: Say): Promise<Spare> {
  const engine = await reachEngine();
  if (boot === undefined || engine === undefined) throw cannotMake(name);
  const provider = new KindProvider(nameOfSpare(name));
  await provider.remove(say);
  const access = await provider.ensure({ engine, ...boot }, say);
  const kube = await connect(access);
  const dispose = async () => {
    await kube.close();
    await provider.remove(say);
  };
  return { access, kube, [Symbol.asyncDispose]: dispose };
}

/** Removes the one that a run left which died with it. Whoever asks holds the lock of the first cluster. */
export async function removeSpare(cluster: string, say: Say): Promise<readonly string[]> {
  const name = nameOfSpare(cluster);
  if (!existsSync(clusterPath(name, 'kind.yaml'))) return [];
  return new KindProvider(name).remove(say);
}

function cannotMake(name: string): HarnessError {
  return new HarnessError({
    code: 'NO_SPARE_CLUSTER',
    blame: 'environment',
    doing: `Making a second cluster beside ${name}`,
    expected: 'one that the harness made itself, and its engine',
    seen: 'there is no record of how it was made',
    next: 'bring it up again: npm run up',
  });
}
