/** What the doctor found about one thing. `lacks` stops a run; `limits` is said and lived with. */
export interface Check {
  readonly about: string;
  readonly verdict: 'fine' | 'limits' | 'lacks';
  readonly seen: string;
  /** What the reader can type or change; there wherever the verdict is not `fine`. */
  readonly remedy?: string;
}

export const fine = (about: string, seen: string): Check => ({ about, verdict: 'fine', seen });
export const limits = (about: string, seen: string, remedy: string): Check => ({
  about,
  verdict: 'limits',
  seen,
  remedy,
});
export const lacks = (about: string, seen: string, remedy: string): Check => ({
  about,
  verdict: 'lacks',
  seen,
  remedy,
});
