import { isDeepStrictEqual } from 'node:util';
import type { Kube } from '../kube/kube.ts';
import { type Clock, systemClock } from '../waiting/converge.ts';
import { type Arrival, arrival, departure, type Patience } from './arrival.ts';
import { noSign } from './kinds/kind.ts';
import { inSteps, kindOf } from './kinds/registry.ts';
import { testOver } from './over.ts';
import { place, type Place } from './place.ts';
import { identity, type Rule, ruleInWords } from './rule.ts';
import type { GatewayProxy, Scene } from './scene.ts';
import type { Turns } from './turns.ts';

/** Where and for whom a rulebook works. */
export interface Domain {
  readonly kube: Pick<Kube, 'apply' | 'remove'>;
  readonly place: Omit<Place, 'mark' | 'gateway'>;
  readonly scene: Omit<Scene, 'inForce' | 'gateways'>;
  readonly ownGateway: readonly GatewayProxy[];
  /** For one change at a time. */
  readonly turns: Turns;
  readonly patience?: Patience;
}

let applications = 0;

/** Kinds that share what shows with others of their kind: their going is seen against those that stay. */
function seenAfterwards(rule: Rule): boolean {
  const kind = kindOf(rule);
  return kind.kind === 'Gateway' || 'remaining' in kind;
}

type Step = readonly Rule[];

/** The steps, with all but the last of what goes singly in turns of their own before. */
function inTurns(steps: readonly Step[]): readonly (readonly Step[])[] {
  const before = steps
    .flat()
    .filter((rule) => kindOf(rule).goesSingly === true)
    .slice(0, -1);
  const rest = steps.map((step) => step.filter((rule) => !before.includes(rule)));
  return [...before.map((rule) => [[rule]]), ...(rest.length === 0 ? [] : [rest])];
}

/** The rules that one test has put in force: it applies them in order, waits for them, and takes every one of them back. */
export class Rulebook {
  readonly arrivals: Arrival[] = [];
  readonly #domain: Domain;
  readonly #inForce = new Map<string, Rule>();
  readonly #gateways: GatewayProxy[];
  readonly #clock: Clock;
  readonly #patience: Patience;
  #over = false;

  constructor(domain: Domain) {
    this.#domain = domain;
    this.#gateways = [...domain.ownGateway];
    this.#clock = domain.patience?.clock ?? systemClock;
    this.#patience = domain.patience ?? { within: 15_000 };
  }

  get inForce(): readonly Rule[] {
    return [...this.#inForce.values()];
  }

  /**
   * Applies the rules, each after what it needs, and comes back when every proxy that is involved has them.
   *
   * @throws HarnessError TEST_OVER after `removeAll`
   */
  async apply(
    rules: readonly Rule[],
    gateways: readonly GatewayProxy[] = this.#domain.ownGateway,
  ): Promise<readonly Rule[]> {
    this.#gateways.push(...gateways.filter((gateway) => !this.#gateways.includes(gateway)));
    const placed = rules.map((rule) => place(rule, this.#placeFor(gateways)));
    // Before anything is changed: what cannot be waited for is refused whole.
    const steps = inSteps(placed);
    for (const rule of placed) this.#refuseUnseen(rule);
    const upcoming = this.#sceneWith(placed);
    for (const rule of placed) this.#refuseUnsigned(rule, upcoming);
    // Nobody asks anything before the first rules are there: nothing can be lost between what comes and what it needs.
    const turns = this.#inForce.size === 0 ? [steps] : steps.map((step) => [step]);
    for (const turn of turns) await this.#domain.turns(() => this.#bringIn(turn, placed));
    return placed;
  }

  /** Takes rules back, the ones that depend on others first, and comes back when no proxy shows them any more. */
  async remove(rules: readonly Rule[]): Promise<void> {
    for (const step of inSteps(rules).toReversed())
      for (const turn of inTurns([step])) await this.#domain.turns(() => this.#takeBack(turn));
  }

  /**
   * Takes back everything, when nobody asks any more, and at once but for what goes singly. Secrets go last and alone: a listener without its
   * certificate is a rejected one. After a failure, which is thrown, the rest goes too, but nobody waits for it. From now on nothing is applied.
   */
  async removeAll(): Promise<void> {
    this.#over = true;
    const steps = inSteps(this.inForce);
    const isLast = (step: Step) => step.some(({ kind }) => kind === 'Secret');
    const [last, together] = [steps.filter(isLast), steps.filter((step) => !isLast(step))];
    try {
      for (const turn of [...inTurns(together), ...inTurns(last)]) await this.#domain.turns(() => this.#takeBack(turn));
    } catch (error) {
      // Whatever fails now is not told: the first failure is the verdict.
      await Promise.allSettled([
        this.#domain.turns(() => Promise.allSettled(this.inForce.map((rule) => this.#domain.kube.remove(rule)))),
      ]);
      this.#inForce.clear();
      throw error;
    }
  }

  async #bringIn(steps: readonly Step[], placed: readonly Rule[]): Promise<void> {
    const since = this.#clock.now();
    for (const step of steps) {
      if (this.#over) throw testOver(`Applying ${step.map((rule) => ruleInWords(rule)).join(', ')}`);
      await Promise.all(
        step.map(async (rule) => {
          // Noted first: what may have been applied is taken back.
          this.#inForce.set(identity(rule), rule);
          await this.#domain.kube.apply(rule);
        }),
      );
    }
    const scene = this.#sceneWith(placed);
    await this.#awaitEach(steps.flat().map((rule) => arrival(rule, scene, since, this.#patience)));
  }

  async #takeBack(steps: readonly Step[]): Promise<void> {
    const since = this.#clock.now();
    for (const step of steps) await Promise.all(step.map((rule) => this.#domain.kube.remove(rule)));
    await this.#gone(steps.flat(), since);
  }

  async #gone(rules: readonly Rule[], since: number): Promise<void> {
    const before = this.#sceneWith([]);
    for (const rule of rules) this.#inForce.delete(identity(rule));
    const after = { ...before, inForce: this.inForce };
    const leaving = rules.map(async (rule) =>
      departure(rule, seenAfterwards(rule) ? after : before, since, this.#patience),
    );
    await this.#awaitEach(leaving);
  }

  /** Of several that never come the first is told: the others may be waiting for it. */
  async #awaitEach(coming: readonly Promise<Arrival>[]): Promise<void> {
    const settled = await Promise.allSettled(coming);
    this.arrivals.push(...settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** An update that would look like what it replaces. */
  #refuseUnseen(rule: Rule): void {
    if (kindOf(rule).inPlace === false && this.#inForce.has(identity(rule)))
      throw noSign(rule, 'an update in place: take the first one back before');
  }

  /** What no proxy would show, and what would show nothing new. */
  #refuseUnsigned(rule: Rule, upcoming: Scene): void {
    const kind = kindOf(rule);
    const before = this.#inForce.get(identity(rule));
    const proxies = kind.involved(rule, upcoming);
    const signs = proxies.map((proxy) => kind.expected(rule, upcoming, proxy));
    if (before === undefined || isDeepStrictEqual(before['spec'], rule['spec'])) return;
    const scene = this.#sceneWith([]);
    if (
      isDeepStrictEqual(
        signs,
        proxies.map((proxy) => kind.expected(before, scene, proxy)),
      )
    )
      throw noSign(rule, 'an update in place that changes none of its signs: take the first one back before');
  }

  #sceneWith(placed: readonly Rule[]): Scene {
    const inForce = new Map([...this.#inForce, ...placed.map((rule) => [identity(rule), rule] as const)]);
    return { ...this.#domain.scene, gateways: this.#gateways, inForce: [...inForce.values()] };
  }

  #placeFor(gateways: readonly GatewayProxy[]): Place {
    applications += 1;
    const [first] = gateways;
    const gateway = { labels: first?.labels ?? {}, shared: first?.shared ?? false };
    return { ...this.#domain.place, gateway, mark: `${process.pid}${applications}` };
  }
}
