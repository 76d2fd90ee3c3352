import { HarnessError } from '../../errors.ts';
import type { Dump, Section } from '../../proxy/dump.ts';
import type { ProxyView } from '../../proxy/view.ts';
import { type Rule, ruleInWords } from '../rule.ts';
import type { Scene } from '../scene.ts';

/**
 * How one kind of rule shows in a proxy. A rule has arrived when every involved proxy shows exactly the marks that are expected
 * of it, and is gone when they show none. So an update in place needs no case of its own.
 */
export interface Kind {
  readonly apiGroup: string;
  readonly kind: string;
  /** Lower comes first on the way in, and last where rules are taken back one after the other. Equal ranks go together. */
  readonly rank: number;
  /** True where istiod forgets one that goes while it makes a push about another of the kind (see `turnsBy`): they go one after the other. */
  readonly goesSingly?: boolean;
  sections(rule: Rule): readonly Section[];
  /** Whether what it makes bears names outside the worker's namespace, so that everything must be looked through. */
  anywhere?(rule: Rule, scene: Scene): boolean;
  involved(rule: Rule, scene: Scene): readonly ProxyView[];
  /** False where only its name shows: an update in place would look like what it replaces, so the rulebook refuses it. */
  readonly inPlace?: boolean;
  /** Where its going can be seen; the same proxies if it is not said. */
  involvedInLeaving?(rule: Rule, scene: Scene): readonly ProxyView[];
  /** @throws HarnessError NO_SIGN for a rule that a proxy would not show */
  expected(rule: Rule, scene: Scene, proxy: ProxyView): readonly string[];
  /** What is left in a proxy once it has gone, in a scene without it: nothing, if it is not said. */
  remaining?(rule: Rule, scene: Scene, proxy: ProxyView): readonly string[];
  /** The marks of this rule that a proxy shows, of this application or an earlier one. */
  seen(rule: Rule, scene: Scene, proxy: ProxyView, dump: Dump): readonly string[];
}

export function noSign(rule: Rule, part: string): HarnessError {
  return new HarnessError({
    code: 'NO_SIGN',
    blame: 'usage',
    doing: `Finding the sign by which ${ruleInWords(rule)} shows in a proxy`,
    seen: `there is none for ${part}`,
    next: 'teach mesh/rules/kinds/ how it shows, or do without it',
  });
}
