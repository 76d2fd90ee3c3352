/** Work was given up: the user pressed Ctrl-C, the process that started us is gone, or a part beside it failed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const controller = new AbortController();

/** One for the process: every command and wait hangs on its signal, so that an interruption reaches all of them. */
export const interruption = {
  signal: controller.signal,
  interrupt(why: string): void {
    controller.abort(new Interrupted(why));
  },
};

/**
 * Like `Promise.all`, but where one part fails the others are interrupted and awaited, so that each has taken away what it had
 * half made before the failure is told.
 */
export async function together<Parts extends readonly Promise<unknown>[]>(
  ...parts: Parts
): Promise<{ -readonly [Index in keyof Parts]: Awaited<Parts[Index]> }> {
  try {
    return await Promise.all(parts);
  } catch (error) {
    interruption.interrupt('another part failed');
    await Promise.allSettled(parts);
    throw error;
  }
}

/** The work's result, or the interruption if that comes first; the work itself goes on. */
export async function unlessInterrupted<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => {
    reject(controller.signal.reason as Error);
  };
  controller.signal.addEventListener('abort', giveUp);
  if (controller.signal.aborted) giveUp();
  try {
    return await Promise.race([work, promise]);
  } finally {
    controller.signal.removeEventListener('abort', giveUp);
  }
}
