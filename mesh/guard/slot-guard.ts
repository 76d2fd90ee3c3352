import type { Kube } from '../kube/kube.ts';
import { converge } from '../waiting/converge.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { type Census, censusOf, sharedCensus } from './census.ts';
import { type Change, changesBetween } from './changes.ts';
import type { Complaint } from './complaints.ts';
import { crashesAmong } from './crash.ts';
import { Istiod } from './istiod.ts';
import { Pulse } from './pulse.ts';
import type { Standstills } from './standstills.ts';

/** A container's end is known to the API server a moment after it; a test that is red waits for that much. */
const patience = { within: 2_000, every: 250 };
/** Where somebody did not answer there is a cause to wait for, and a kubelet that is busy tells late. */
const patienceForCause = { within: 15_000, every: 250 };
/** Proxies come back to a new istiod with growing pauses, and hear of no rule until then. */
const AFTERMATH = 60_000;
/** When something began: by the clock, which pods' stamps follow, and by what no clock can shift. */
export interface Moment {
  readonly date: Date;
  readonly pulse: number;
}

/** Stamps of pods are whole seconds. */
const ROUNDING = 1_000;

/** Watches one slot: what its pods went through, and what istiod says of its proxies. Each look tells what came since the last. */
export class SlotGuard {
  readonly namespace: string;
  readonly #kube: Kube;
  readonly #istiod: Istiod;
  readonly #pulse: Pulse;
  readonly #standstills: Standstills;
  /** Whom all share, when the run began. */
  readonly #shared: Census;
  /** The slot, and the namespaces beside it that tests of this worker use. */
  readonly #watched: string[];
  #slot: Census;

  private constructor(
    kube: Kube,
    namespace: string,
    istiod: Istiod,
    { shared, slot }: { readonly shared: Census; readonly slot: Census },
    standstills: Standstills,
  ) {
    this.namespace = namespace;
    this.#kube = kube;
    this.#istiod = istiod;
    this.#pulse = Pulse.begin(kube);
    this.#shared = shared;
    this.#standstills = standstills;
    this.#watched = [namespace];
    this.#slot = slot;
  }

  static async begin(
    kube: Kube,
    namespace: string,
    shared: Census | undefined,
    standstills: Standstills,
  ): Promise<SlotGuard> {
    const [istiod, slot, now] = await Promise.all([
      Istiod.from(kube),
      censusOf(kube, namespace),
      shared ?? sharedCensus(kube),
    ]);
    return new SlotGuard(kube, namespace, istiod, { shared: now, slot }, standstills);
  }

  /** Watches these namespaces, too, as they are now. */
  async watch(namespaces: readonly string[]): Promise<void> {
    const added = namespaces.filter((one) => !this.#watched.includes(one));
    const there = await Promise.all(added.map((one) => censusOf(this.#kube, one)));
    this.#watched.push(...added);
    this.#slot = [...this.#slot, ...there.flat()];
  }

  now(): Moment {
    return { date: new Date(), pulse: this.#pulse.now };
  }

  /** Whoever comes after this worker hears of what it has just lived through. */
  end(): void {
    this.#standstills.hand(this.#pulse.troubles(this.#pulse.now, AFTERMATH));
    this.#pulse[Symbol.dispose]();
  }

  /** What kept everything from working, which needs no look at the cluster: it may be what does not answer. */
  standstills({ date, pulse }: Moment): readonly { readonly text: string }[] {
    const own = this.#pulse.troubles(pulse, AFTERMATH);
    const others = this.#standstills.since(date.getTime() - AFTERMATH).filter((text) => !own.includes(text));
    return [...own, ...others.map((text) => `shortly before this test ${text}`)].map((text) => ({ text }));
  }

  /** Complaints that name this slot. */
  async complaints(): Promise<readonly Complaint[]> {
    return (await this.#istiod.look()).filter((complaint) => namesSlot(complaint, this.namespace));
  }

  /** What became of the pods of this slot. */
  async changes(): Promise<readonly Change[]> {
    const now = await this.#census();
    const changes = changesBetween(this.#slot, now);
    this.#slot = now;
    return changes;
  }

  /**
   * What may explain that a test is red: changes in the slot, waited for, and those of Istio's and the cluster's own pods during the
   * test or shortly before it.
   *
   * @param silence whether the test is red because somebody in the slot did not answer
   */
  async upheaval({ date: began }: Moment, silence = false): Promise<readonly Change[]> {
    const before = this.#slot;
    const look = async () => {
      const [slot, everybodys] = await Promise.all([this.#census(), sharedCensus(this.#kube)]);
      this.#slot = slot;
      const shared = changesBetween(this.#shared, everybodys)
        .map((change) => ({ ...change, at: this.#since(change) }))
        .filter(({ at }) => ageAt(began, at) < AFTERMATH);
      return [...changesBetween(before, slot), ...shared];
    };
    const { last } = await converge(look, (changes) => changes.length > 0, silence ? patienceForCause : patience);
    return last.map((change) => dated(change, began));
  }

  /** Those of them that are crashes, of a proxy of this worker or of Istio's own pods, told from the others. */
  async crashes(
    changes: readonly Change[],
    { date: began }: Moment,
  ): Promise<{ readonly crashes: readonly Change[]; readonly changes: readonly Change[] }> {
    const concerns = ({ namespace }: Change) => namespace === ISTIO_NAMESPACE || this.#watched.includes(namespace);
    const { crashes, changes: others } = await crashesAmong(this.#kube, changes.filter(concerns));
    return {
      crashes: crashes.map((crash) => dated(crash, began)),
      changes: [...others, ...changes.filter((one) => !concerns(one))],
    };
  }

  async #census(): Promise<Census> {
    return (await Promise.all(this.#watched.map((one) => censusOf(this.#kube, one)))).flat();
  }

  /** When a change was, or, where nothing came that says so, when it was first seen: what was long ago disturbs nobody now. */
  #since(change: Change): string {
    // Where nobody is left it is so still.
    return change.vacant === true ? change.at : this.#standstills.timeOf(change);
  }
}

/** Whether a complaint is about this slot: its proxy lives there, or its words name it. */
export function namesSlot({ node, text }: Complaint, namespace: string): boolean {
  return new RegExp(`\\b${namespace}\\b`).test(`${node} ${text}`);
}

/** What was before the test says how long before. */
function dated(change: Change, began: Date): Change {
  const age = ageAt(began, change.at) - ROUNDING;
  return age <= 0 ? change : { ...change, text: `${Math.round(age / 1000)} s before this test ${change.text}` };
}

function ageAt(moment: Date, stamp: string): number {
  return stamp === '' ? 0 : moment.getTime() - Date.parse(stamp);
}
