import { logPath } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import { type Pod, podsOf, readyPodsOf } from '../kube/pods.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { type Complaint, complaintsIn, refusalsCounted, refusalsSince, told } from './complaints.ts';

/** Where istiod shows its own figures. */
export const MONITORING_PORT = 15014;
/**
 * The kubelet finds the end of a log faster than a time in it. A rule is some dozens of lines for all proxies, and workers beside each other were seen to
 * make 3,400 in a minute: this is what a test may take that looks only at its end.
 */
const TAIL = 20_000;
const BEGINNING = '1970-01-01T00:00:00.000000000Z';

const istiods = { namespace: ISTIO_NAMESPACE, labels: { app: 'istiod' } };

type Counts = ReturnType<typeof refusalsCounted>;

/** Listens to istiod: its log, and its counters of refused configuration. Each look tells what came since the one before. */
export class Istiod {
  readonly #kube: Kube;
  readonly #tail: number;
  /** The stamp of the last line that was heard, by pod. A pod that came later is heard from its beginning. */
  readonly #heard = new Map<string, string>();
  readonly #counted = new Map<string, Counts>();
  /** Pods that were there at first: what such a one cannot be asked then, it has done before. */
  readonly #old = new Set<string>();

  private constructor(kube: Kube, tail: number) {
    this.#kube = kube;
    this.#tail = tail;
  }

  /** From here on. */
  static async from(kube: Kube, tail = TAIL): Promise<Istiod> {
    const istiod = new Istiod(kube, tail);
    const begin = async ({ name: pod }: Pod) => {
      istiod.#old.add(pod);
      const [log] = await Promise.all([istiod.#log(pod, 1, BEGINNING), istiod.#newRefusals(pod)]);
      istiod.#hear(pod, log);
    };
    await Promise.all((await podsOf(kube, istiods)).map(begin));
    return istiod;
  }

  async look(): Promise<readonly Complaint[]> {
    const all = (await this.#pods()).map(async (pod) => {
      const [lines, counted] = await Promise.all([this.#newLines(pod), this.#newRefusals(pod)]);
      return told(lines.flatMap(complaintsIn), counted);
    });
    return (await Promise.all(all)).flat();
  }

  async #pods(): Promise<readonly string[]> {
    const pods = await readyPodsOf(this.#kube, istiods);
    return pods.map(({ name }) => name);
  }

  async #newLines(pod: string): Promise<readonly string[]> {
    const heard = this.#heard.get(pod);
    const since = heard ?? BEGINNING;
    const log = await this.#log(pod, this.#tail, since);
    this.#hear(pod, log);
    return heard === undefined && this.#old.has(pod) ? [] : log.filter((line) => stampOf(line) > since);
  }

  #hear(pod: string, log: readonly string[]): void {
    const last = log.at(-1);
    if (last !== undefined) this.#heard.set(pod, stampOf(last));
  }

  /** A pod that is just going away has none; that it goes is for others to notice. */
  async #log(pod: string, tail: number, since: string): Promise<readonly string[]> {
    const path = logPath(ISTIO_NAMESPACE, pod);
    const sinceTime = since.replace(/\.\d+/, '');
    const query = { container: 'discovery', timestamps: 'true', tailLines: `${tail}`, sinceTime };
    const { status, text } = await this.#kube.rest.call({ method: 'GET', path, query });
    return status === 200 ? text.split('\n').filter((line) => line !== '') : [];
  }

  async #newRefusals(pod: string): Promise<readonly Complaint[]> {
    const http = this.#kube.pod(ISTIO_NAMESPACE, pod, MONITORING_PORT);
    const { status, text } = await http.send({ method: 'GET', path: '/metrics' });
    if (status !== 200) return [];
    const [before, counted] = [this.#counted.get(pod), refusalsCounted(text)];
    this.#counted.set(pod, counted);
    if (before === undefined && this.#old.has(pod)) return [];
    return refusalsSince(before ?? new Map<string, number>(), counted);
  }
}

/** The kubelet puts the time of a line before it, in nanoseconds of one length. */
function stampOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}
