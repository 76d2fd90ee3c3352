/** Tells the person at the terminal what is being waited for, in a few words that the next ones replace. */
export interface Say {
  (what: string): void;
  /** Something to be remembered: it stays on the screen and in the log. */
  note(what: string): void;
}

/** For those who do not want to hear anything. */
export const quiet: Say = Object.assign(() => undefined, { note: () => undefined });
