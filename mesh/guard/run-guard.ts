import type { Kube } from '../kube/kube.ts';
import { objectInWords } from '../kube/objects.ts';
import { rulesIn } from '../world/istio-objects.ts';
import { ISTIO_NAMESPACE, names, slotIn } from '../world/names.ts';
import { keepsRules, type Run } from '../world/run.ts';
import { type Census, sharedCensus } from './census.ts';
import { type Change, changesBetween } from './changes.ts';
import type { Complaint } from './complaints.ts';
import { crashesAmong } from './crash.ts';
import { Istiod } from './istiod.ts';
import { Pulse } from './pulse.ts';
import type { Standstills } from './standstills.ts';

/** Often enough that neither a log that rotates nor an istiod that is replaced takes much away unread. */
const EVERY = 10_000;
/** Proxies and istiod take so long to come to rest, and the kubelet to tell what began anew. */
const NEAR = 60_000;

interface Heard extends Complaint {
  /** When, by the clock. */
  readonly at: number;
}

/** What nobody can charge to a single test. */
export interface Upshot {
  /** What became of Istio's own pods. */
  readonly changes: readonly Change[];
  /** What explains that the mesh complained, in words: what became of the cluster's own pods, and standstills. */
  readonly troubles: readonly string[];
  readonly complaints: readonly { readonly text: string }[];
  /** Those of the complaints near which none of that was. */
  readonly unexplained: readonly { readonly text: string }[];
  readonly left: readonly string[];
  /** What istiod said of others' proxies and rules, or of nobody by name, where others have some in this mesh. */
  readonly ofOthers: readonly string[];
}

/** Whose guard it is, and in what mesh. */
export interface Watch {
  readonly run: Run;
  readonly standstills: Standstills;
  /** Nobody else has anything in this mesh. */
  readonly owned: boolean;
}

/** Watches what all workers share, from before the first test until after the last. */
export class RunGuard {
  readonly shared: Census;
  readonly #pulse: Pulse;
  readonly #began: number;
  readonly #kube: Kube;
  readonly #run: Run;
  readonly #owned: boolean;
  readonly #istiod: Istiod;
  readonly #timer: NodeJS.Timeout;
  readonly #standstills: Standstills;
  readonly #heard: Heard[] = [];
  /** When a look found that something had kept everything from working. */
  readonly #shaken: number[] = [];
  /** What had become of the shared pods by the last look. */
  #changes: readonly Change[] = [];
  #looking: Promise<void> = Promise.resolve();

  private constructor(kube: Kube, { run, standstills, owned }: Watch, shared: Census, istiod: Istiod) {
    this.#standstills = standstills;
    this.#kube = kube;
    this.#run = run;
    this.#owned = owned;
    this.shared = shared;
    this.#pulse = Pulse.begin(kube);
    this.#began = this.#pulse.now;
    this.#istiod = istiod;
    this.#timer = setInterval(() => {
      this.#listen().catch(() => undefined);
    }, EVERY);
    this.#timer.unref();
  }

  static async begin(kube: Kube, watch: Watch): Promise<RunGuard> {
    const [shared, istiod] = await Promise.all([sharedCensus(kube), Istiod.from(kube)]);
    return new RunGuard(kube, watch, shared, istiod);
  }

  async end(): Promise<Upshot> {
    clearInterval(this.#timer);
    await this.#listen();
    this.#pulse[Symbol.dispose]();
    const left = keepsRules() ? [] : await this.#leftovers();
    const noSlots = this.#heard.filter(({ node, text }) => slotIn(`${node} ${text}`) === undefined);
    const unclaimed = noSlots.filter((complaint) => this.#owned || isAboutUs(complaint));
    const ofOthers = noSlots.filter((complaint) => !unclaimed.includes(complaint)).map(({ text }) => text);
    // Where others scale it, one of several that went away is none of a run's business.
    const became = this.#changes.filter(({ fewer }) => this.#owned || fewer !== true);
    const istios = became.filter(({ namespace }) => namespace === ISTIO_NAMESPACE);
    const around = became.filter((change) => !istios.includes(change));
    const { crashes, changes } = await crashesAmong(this.#kube, istios);
    const complaints = [...crashes.map((crash) => ({ ...crash, at: Date.parse(crash.at) })), ...unclaimed];
    const events = [...changes, ...around].map(({ at, vacant }) => ({ from: Date.parse(at), lasts: vacant ?? false }));
    const shocks = this.#shaken.map((from) => ({ from, lasts: false }));
    const unexplained = complaints.filter(({ at }) => ![...events, ...shocks].some((event) => isNear(event, at)));
    const troubles = [...around.map(({ text }) => text), ...this.#pulse.troubles(this.#began, 0)];
    return { changes, troubles, complaints, unexplained, left, ofOthers };
  }

  /** One look after the other, or each would tell the same. */
  #listen(): Promise<void> {
    this.#looking = this.#looking
      .catch(() => undefined)
      .then(async () => {
        if (this.#pulse.troubles(this.#pulse.now - EVERY, 0).length > 0) this.#shaken.push(Date.now());
        const complaints = await this.#istiod.look();
        // Before anything else may fail: it tells each only once.
        this.#heard.push(...complaints.map((complaint) => ({ ...complaint, at: Date.now() })));
        const changes = changesBetween(this.shared, await sharedCensus(this.#kube));
        this.#changes = changes.map((change) => ({ ...change, at: this.#standstills.timeOf(change) }));
      });
    return this.#looking;
  }

  /** Rules and namespaces that this run made and nobody took away; slots stay. */
  async #leftovers(): Promise<readonly string[]> {
    const labels = { [names.run]: this.#run.id };
    const [rules, namespaces] = await Promise.all([
      rulesIn(this.#kube),
      this.#kube.list({ apiVersion: 'v1', kind: 'Namespace', labels }),
    ]);
    const stray = namespaces.filter(
      ({ metadata }) => metadata.labels?.[names.slot] === undefined && metadata['deletionTimestamp'] === undefined,
    );
    const ours = rules.filter(({ metadata }) => metadata.labels?.[names.run] === this.#run.id);
    return [...ours, ...stray].map((object) => objectInWords(object));
  }
}

/** A proxy of Istio's own, or something that bears the harness's name. */
function isAboutUs({ node, text }: Complaint): boolean {
  return (
    node.endsWith(`.${ISTIO_NAMESPACE}`) || [`${ISTIO_NAMESPACE}/`, 'istio-e2e'].some((ours) => text.includes(ours))
  );
}

function isNear({ from, lasts }: { readonly from: number; readonly lasts: boolean }, at: number): boolean {
  const age = at - from;
  return age > -(NEAR + EVERY) && (lasts || age < NEAR + EVERY);
}
