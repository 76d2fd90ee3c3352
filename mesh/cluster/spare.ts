import { HarnessError } from '../errors.ts';
import { reachEngine } from '../engine/engine.ts';
import { connect, type Kube } from '../kube/kube.ts';
import { Lock } from '../lock.ts';
import { clusterPath } from '../paths.ts';
import type { Say } from '../say.ts';
import { lockInTime } from '../waiting/lock-in-time.ts';
import type { ClusterHandle } from './handle.ts';
import { isRecorded, KindProvider } from './kind.ts';
import type { ClusterAccess } from './provider.ts';

/** A second cluster beside the one that the suites share, without Istio, for what would take that one from the others. */
export interface Spare extends AsyncDisposable {
  readonly access: ClusterAccess;
  readonly kube: Kube;
}

const SUFFIX = '-spare';
const nameOfSpare = (cluster: string): string => `${cluster}${SUFFIX}`;

/** Whether a cluster of this name would be taken for a test's. */
export const isSpare = (name: string): boolean => name.endsWith(SUFFIX);

/** For a few tests, one after the other. */
const patience = { within: 600_000, every: 200 };

/**
 * Makes it as the first one was made. There is one at a time: who else wants one waits until it is gone.
 *
 * @throws HarnessError NO_SPARE_CLUSTER beside a cluster that somebody else made, SPARE_TAKEN where the one before does not go
 */
export async function makeSpare({ name, boot }: ClusterHandle, say: Say): Promise<Spare> {
  const engine = await reachEngine();
  if (boot === undefined || engine === undefined) throw cannotMake(name);
  await using stack = new AsyncDisposableStack();
  stack.use(await lockInTime(() => Lock.take(clusterPath(name, 'spare.lock')), patience, neverFree(name)));
  const provider = new KindProvider(nameOfSpare(name));
  await provider.remove(say);
  stack.defer(async () => {
    await provider.remove(say);
  });
  const access = await provider.ensure({ engine, ...boot }, say);
  const kube = await connect(access);
  stack.defer(() => kube.close());
  const made = stack.move();
  return { access, kube, [Symbol.asyncDispose]: () => made.disposeAsync() };
}

/** Removes the one that a run left which died with it. Whoever asks holds the lock of the first cluster. */
export async function removeSpare(cluster: string, say: Say): Promise<readonly string[]> {
  const name = nameOfSpare(cluster);
  if (!isRecorded(name)) return [];
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

function neverFree(name: string): (heldBy: string, millis: number) => HarnessError {
  return (heldBy, millis) =>
    new HarnessError({
      code: 'SPARE_TAKEN',
      blame: 'environment',
      doing: `Waiting for the second cluster beside ${name}`,
      seen: `another test has it (${heldBy})`,
      afterMillis: millis,
      next: 'see which test does not end',
    });
}
