import type { z } from 'zod';
import type { Chances } from '../judge/chances.ts';

/** Whether a claim holds, and why not: the cause in the first line. */
export interface Verdict {
  readonly pass: boolean;
  readonly expected: string;
  readonly message: string;
}

/** Decides one kind of assertion from what was gathered, and from nothing else: the same again whenever it is asked again. */
export interface Judge<I> {
  /** All that it judges from, as JSON that can be kept. */
  readonly input: z.ZodType<I>;
  decide(input: I): Verdict;
  /** How sure the verdict is, where it was drawn from a sample. */
  sure?(input: I): Chances;
}

export function judge<S extends z.ZodType>(one: Judge<z.infer<S>> & { readonly input: S }): Judge<z.infer<S>> {
  return one;
}
