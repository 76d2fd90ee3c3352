import { HarnessError } from '../errors.ts';
import { Lock } from '../lock.ts';
import { clusterPath } from '../paths.ts';
import { type Clock, systemClock } from '../waiting/converge.ts';
import { lockInTime } from '../waiting/lock-in-time.ts';

/** Lets one piece of work at a time run among all who share it. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * One change of the mesh at a time, from its `kubectl apply` until every proxy has it, over all workers of a cluster.
 *
 * istiod makes a push from everything that it knows by then, but sends a proxy only what the push is said to be about. A rule that is
 * deleted while a push about another rule is being made is gone from that push's state already, and by the time of its own push the proxy's
 * last state does not know it any more: nothing is sent, and its clusters stay in the proxy until something else changes them. (Istio 1.31:
 * `PrevSidecarScope` in pilot/pkg/xds/proxy_dependencies.go and in `deltaFromDestinationRules`.) Workers that change rules beside each
 * other would meet it about once in two hundred tests, and a right mesh would be called wrong. Two DestinationRules that one test takes
 * back at once would meet it too where the machine lets more than istiod's 100 ms pass between them, so they go one after the other.
 *
 * @param path file of the lock, the same for all workers of a cluster
 * @param within milliseconds that others may take before it is our turn
 * @throws HarnessError MESH_BUSY where they take longer
 */
export function turnsBy(path: string, within = 50_000, clock: Clock = systemClock): Turns {
  return async (work) => {
    using _ = await lockInTime(() => Lock.take(path), { within, every: 15, clock }, busy);
    return await work();
  };
}

/** The turns that all workers of a cluster share. */
export const turnsOn = (cluster: string): Turns => turnsBy(clusterPath(cluster, 'changes.lock'));

function busy(heldBy: string, millis: number): HarnessError {
  return new HarnessError({
    code: 'MESH_BUSY',
    blame: 'environment',
    doing: 'Waiting to change a rule',
    expected: 'the other workers to finish the changes they were at',
    seen: `one is still at it (${heldBy})`,
    afterMillis: millis,
    next: 'see what it waits for; the lock is free as soon as that process ends',
  });
}
