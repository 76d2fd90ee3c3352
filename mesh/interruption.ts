/** The user pressed Ctrl-C, or the process that started us is gone. */
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
