/** Name of what is kept of those that were heard: their reasons, one for each time. */
export const EXCUSED = 'excused.json';

/** A complaint that is understood and no fault of whoever runs beside it. */
export interface Known {
  readonly text: RegExp;
  readonly reason: string;
}

/** All of them, each with its reason. The report counts how often each was heard: what is excused must not grow unseen. */
export const known: readonly Known[] = [
  {
    text: /istio-validator-\S+, retrying .*webhook is not ready/,
    reason: 'an istiod that starts asks its own validating webhook until that listens',
  },
  {
    // A rule of now that leads nowhere is "Failed to fetch public key".
    text: /Failed to refresh JWT public key from /,
    reason: 'istiod goes on asking for keys that no rule names any more, and whoever served them may be gone',
  },
];

/** What is not known, and the reasons of what is, one for each time it was heard. */
export interface Sifted {
  readonly fresh: readonly string[];
  readonly excused: readonly string[];
}

export function sift(texts: readonly string[], excuses: readonly Known[] = known): Sifted {
  const excuseFor = (text: string) => excuses.find((one) => one.text.test(text));
  return {
    fresh: texts.filter((text) => excuseFor(text) === undefined),
    excused: texts.flatMap((text) => excuseFor(text)?.reason ?? []),
  };
}

/** As it can be kept. */
export function inJson(excuses: readonly Known[]): readonly { pattern: string; flags: string; reason: string }[] {
  return excuses.map(({ text, reason }) => ({ pattern: text.source, flags: text.flags, reason }));
}
