import type { HarnessError } from '../errors.ts';
import { Lock } from '../lock.ts';
import { converge, type Pace } from './converge.ts';

/**
 * Waits until a lock is free, and takes it. It is asked for again and again instead of being waited for in the kernel, which would stop
 * everything else that this process does.
 *
 * @param late the error to throw when the time is over, told who holds the lock and after how many milliseconds that was
 */
export async function lockInTime(
  take: () => ReturnType<typeof Lock.take>,
  pace: Pace,
  late: (heldBy: string, millis: number) => HarnessError,
): Promise<Lock> {
  const { last, millis } = await converge(
    () => Promise.resolve(take()),
    (taken) => taken instanceof Lock,
    pace,
  );
  if (last instanceof Lock) return last;
  throw late(last.heldBy, millis);
}
