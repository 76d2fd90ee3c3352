import type { Chances } from '../judge/chances.ts';
import { redact } from '../redact.ts';
import type { Judge, Verdict } from './judge.ts';
import { type InputOf, type JudgeName, judges } from './registry.ts';

export interface Taken {
  readonly judge: JudgeName;
  /** As it was judged: without secrets, and as it looks after it was written and read again. */
  readonly input: unknown;
  readonly verdict: Verdict;
  /** Undefined where nothing is drawn. */
  readonly chances: Chances | undefined;
}

/**
 * Takes a verdict, the first time and every time after: what is judged is what can be kept, so a verdict from a file has the same grounds as the
 * one from the cluster.
 */
export function take<N extends JudgeName>(name: N, gathered: InputOf<N>): Taken {
  return takeKept(name, gathered);
}

/** The same for what was kept. @throws z.ZodError where it is of another shape */
export function takeKept(name: JudgeName, kept: unknown): Taken {
  const one: Judge<unknown> = judges[name];
  const input = one.input.parse(JSON.parse(JSON.stringify(kept, withoutSecrets)));
  return { judge: name, input, verdict: one.decide(input), chances: one.sure?.(input) };
}

function withoutSecrets(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? redact(value) : value;
}
