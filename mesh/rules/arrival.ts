import { suspectInWords, UNSUSPECTED } from '../judge/reasons.ts';
import type { Dump } from '../proxy/dump.ts';
import { rejectionsOf } from '../proxy/parts.ts';
import type { ProxyView } from '../proxy/view.ts';
import { type Clock, converge, systemClock } from '../waiting/converge.ts';
import { kindOf } from './kinds/registry.ts';
import { type Rule, ruleInWords } from './rule.ts';
import type { Scene } from './scene.ts';
import { inSeconds } from '../seconds.ts';

/** How long a rule took until every involved proxy had it. */
export interface Arrival {
  readonly rule: string;
  readonly what: 'arrived' | 'gone';
  readonly millis: number;
  readonly proxies: number;
}

/** What one proxy still showed, or did not show yet, when the time was over. */
export interface Straggler {
  readonly proxy: string;
  readonly expected: readonly string[];
  readonly seen: readonly string[];
  readonly rejected: readonly string[];
}

/** A rule that the API server accepted and a proxy never took. */
export class RuleNeverArrived extends Error {
  override readonly name = 'RuleNeverArrived';
  readonly rule: string;
  readonly stragglers: readonly Straggler[];

  constructor(rule: Rule, what: Arrival['what'], millis: number, stragglers: readonly Straggler[]) {
    const pods = stragglers.map(({ proxy }) => proxy).join(', ');
    const partly = what === 'arrived' && stragglers.every(isPartly);
    const came = partly
      ? `reached pod ${pods} only in part`
      : `never ${what === 'arrived' ? 'reached' : 'left'} pod ${pods}`;
    // What a proxy rejects is wrong in itself, what stays was held up. What never comes may be either: istiod makes nothing of a route for a host that no
    // Gateway opens, or behind one that takes everything.
    const rejected = stragglers.some((one) => one.rejected.length > 0);
    const suspect = rejected ? suspectInWords('rule') : what === 'gone' ? suspectInWords('mesh') : UNSUSPECTED;
    const waited = `(waited ${inSeconds(millis)})`;
    super([`${ruleInWords(rule)} ${came} ${waited} ${suspect}`, ...stragglers.flatMap(detail)].join('\n'));
    this.rule = ruleInWords(rule);
    this.stragglers = stragglers;
  }
}

export interface Patience {
  readonly within: number;
  readonly clock?: Clock;
}

/**
 * istiod gathers changes for 100 ms before it tells anybody, and then has to make the push: a look before that costs the proxy some
 * milliseconds and sees nothing. Then two looks apart in time: the dump is the main thread's, and the workers follow a moment later.
 */
const pace = { after: 160, every: 30, streak: 2 };

/** Waits until every involved proxy shows exactly the marks that are expected of the rule. */
export async function arrival(rule: Rule, scene: Scene, since: number, patience: Patience): Promise<Arrival> {
  const kind = kindOf(rule);
  const proxies = kind.involved(rule, scene);
  const wanted = (proxy: ProxyView) => kind.expected(rule, scene, proxy);
  return settle(rule, scene, 'arrived', proxies, wanted, since, patience);
}

/** Waits until no involved proxy shows the rule any more. The scene is the one after it, for a kind whose going leaves something. */
export async function departure(rule: Rule, scene: Scene, since: number, patience: Patience): Promise<Arrival> {
  const kind = kindOf(rule);
  const proxies = kind.involvedInLeaving?.(rule, scene) ?? kind.involved(rule, scene);
  const wanted = (proxy: ProxyView) => kind.remaining?.(rule, scene, proxy) ?? [];
  return settle(rule, scene, 'gone', proxies, wanted, since, patience);
}

async function settle(
  rule: Rule,
  scene: Scene,
  what: Arrival['what'],
  proxies: readonly ProxyView[],
  wanted: (proxy: ProxyView) => readonly string[],
  since: number,
  { within, clock = systemClock }: Patience,
): Promise<Arrival> {
  const kind = kindOf(rule);
  const one = async (proxy: ProxyView) => {
    const expected = wanted(proxy);
    const look = async () => {
      const dump: Dump = await proxy.read(
        kind.sections(rule),
        kind.anywhere?.(rule, scene) === true ? undefined : scene.namespace,
      );
      return { proxy: proxy.name, expected, seen: kind.seen(rule, scene, proxy, dump), rejected: rejectionsOf(dump) };
    };
    const looked = await converge(look, ({ seen }) => same(expected, seen), { ...pace, within, clock });
    return { ...looked, at: clock.now() };
  };
  const all = await Promise.all(proxies.map(one));
  const late = all.filter(({ held }) => !held);
  const millis = Math.max(0, ...all.map(({ at }) => at - since));
  if (late.length > 0)
    throw new RuleNeverArrived(
      rule,
      what,
      millis,
      late.map(({ last }) => last),
    );
  return { rule: ruleInWords(rule), what, millis: Math.round(millis), proxies: proxies.length };
}

function same(expected: readonly string[], seen: readonly string[]): boolean {
  return [...new Set(expected)].toSorted().join('\n') === [...new Set(seen)].toSorted().join('\n');
}

/** It shows something of the rule, and nothing that the rule does not say. */
function isPartly({ expected, seen }: Straggler): boolean {
  return seen.length > 0 && seen.every((mark) => expected.includes(mark));
}

function detail({ proxy, expected, seen, rejected }: Straggler): readonly string[] {
  return [
    `  ${proxy} shows: ${inList(seen)}`,
    `  expected: ${inList(expected)}`,
    ...rejected.map((words) => `  the proxy rejected a configuration: ${words.slice(0, 300)}`),
  ];
}

function inList(marks: readonly string[]): string {
  return marks.length === 0 ? 'nothing of it' : marks.join('; ');
}
