import type { Judge } from './judge.ts';
import { toBeTried, toKnockInVain, toOverflow } from './judges/counted.ts';
import { toDifferBy } from './judges/differ.ts';
import { toEject, toHandOver } from './judges/flowing.ts';
import { toBeCounted } from './judges/grown.ts';
import { guard } from './judges/guard.ts';
import { toBeUnchanged, toCarryOneProxy, toCarrySameProxy, toRedirect } from './judges/injected.ts';
import { toAgreeOnVersion, toFind, toHaveReady, toHaveRejectedNothing } from './judges/istio.ts';
import { toLagBehind } from './judges/lag.ts';
import { toBeDeniedBy, toBeLogged } from './judges/logged.ts';
import { toBeMirrored } from './judges/mirrored.ts';
import { toArriveAt, toBeKeptFrom, toLeave, toPassByProxy, toPassThroughProxy } from './judges/outside.ts';
import { toShowCalls, toShowData } from './judges/pictured.ts';
import { toAnswer, toBeRefused, toHearFromAll, toServeOnly } from './judges/served.ts';
import { toBeAborted, toSplitTraffic } from './judges/shares.ts';
import { toKnowItsListeners, toLeadOn, toRunByItsFile, toShow } from './judges/shown.ts';
import { toSee, toTurnOut } from './judges/tables.ts';
import { toBeOneTrace, toBeSampled } from './judges/traced.ts';

/** Everybody who takes verdicts, by the name of the assertion. */
export const judges = {
  guard,
  toAgreeOnVersion,
  toAnswer,
  toArriveAt,
  toBeAborted,
  toBeCounted,
  toBeDeniedBy,
  toBeKeptFrom,
  toBeLogged,
  toBeMirrored,
  toBeOneTrace,
  toBeRefused,
  toBeSampled,
  toBeTried,
  toBeUnchanged,
  toCarryOneProxy,
  toCarrySameProxy,
  toDifferBy,
  toEject,
  toFind,
  toHandOver,
  toHaveReady,
  toHaveRejectedNothing,
  toHearFromAll,
  toKnockInVain,
  toKnowItsListeners,
  toLagBehind,
  toLeadOn,
  toLeave,
  toOverflow,
  toPassByProxy,
  toPassThroughProxy,
  toRedirect,
  toRunByItsFile,
  toSee,
  toServeOnly,
  toShow,
  toShowCalls,
  toShowData,
  toSplitTraffic,
  toTurnOut,
} as const;

export type JudgeName = keyof typeof judges;
export type InputOf<N extends JudgeName> = (typeof judges)[N] extends Judge<infer I> ? I : never;

export function isJudge(name: string): name is JudgeName {
  return Object.hasOwn(judges, name);
}
