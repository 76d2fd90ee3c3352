import { HarnessError } from '../errors.ts';
import { Lock } from '../lock.ts';
import { lockInTime } from '../waiting/lock-in-time.ts';

/** The tag of a test beside which no other may run. */
export const ALONE = '@alone';

/** Where the tests of one cluster find out about each other. */
export interface Meeting {
  /** Held by whoever is about to enter, so that one who wants to be alone is not overtaken for ever. */
  readonly door: string;
  readonly room: string;
}

/** Longer than any test takes on a machine that is not hopelessly slow, one that makes a cluster of its own included. */
const patience = { within: 780_000, every: 50 };

/** Beside other tests, and never beside one that changes the whole mesh. */
export async function inCompany({ door, room }: Meeting): Promise<Disposable> {
  using _ = await taken(() => Lock.take(door), 'enter');
  return await taken(() => Lock.share(room), 'work beside other tests');
}

/** Without any other test: for what the whole mesh feels. */
export async function alone({ door, room }: Meeting): Promise<Disposable> {
  using stack = new DisposableStack();
  stack.use(await taken(() => Lock.take(door), 'enter'));
  stack.use(await taken(() => Lock.take(room), 'be alone in the mesh'));
  return stack.move();
}

function taken(take: () => ReturnType<typeof Lock.take>, what: string): Promise<Lock> {
  return lockInTime(
    take,
    patience,
    (heldBy, millis) =>
      new HarnessError({
        code: 'NEVER_ALONE',
        blame: 'environment',
        doing: `Waiting to ${what}`,
        seen: `others are at work (${heldBy})`,
        afterMillis: millis,
        next: 'see which test does not end',
      }),
  );
}
