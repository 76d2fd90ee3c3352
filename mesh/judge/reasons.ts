import { FAULT_BODY } from './abort.ts';
import type { Outcome, Tally } from './outcome.ts';

/** A deployment behind a service, as the cluster describes it at the moment of the verdict. */
export interface Workload {
  readonly name: string;
  readonly version: string;
  /** Replicas that its spec asks for, and how many of them are ready. */
  readonly wanted: number;
  readonly ready: number;
}

export interface Circumstances {
  readonly service: string;
  /** The service behind it that has the versions, where that is another one. */
  readonly versionsOf?: string;
  readonly workloads: readonly Workload[];
}

/** Whose problem a red verdict is most likely to be. */
export type Suspect = 'environment' | 'product';

export interface Reason {
  readonly suspect: Suspect;
  /** One line that names the cause. */
  readonly text: string;
}

interface Clue {
  fits(outcome: Outcome): boolean;
  read(seen: Circumstances, wanted: readonly string[]): Reason;
}

const unhealthy = (outcome: Outcome) => answeredWith(outcome, 503, 'no healthy upstream');
const noCluster = (outcome: Outcome) => answeredWith(outcome, 503, '') && byProxy(outcome);
const cutOff = (outcome: Outcome) => answeredWith(outcome, 503, 'upstream connect error');
const noRoute = (outcome: Outcome) => answeredWith(outcome, 404, '') && byProxy(outcome);
const overflow = (outcome: Outcome) => answeredWith(outcome, 503, 'overflow');
const faulty = (outcome: Outcome) => outcome.kind === 'answered' && outcome.detail === FAULT_BODY;
const slow = (outcome: Outcome) => answeredWith(outcome, 504, '');
const nobody = (outcome: Outcome) => outcome.kind === 'refused' && outcome.reason === 'no-listener';

/** From the most telling to the vaguest; the first that fits an outcome of the sample is taken. */
const clues: readonly Clue[] = [
  { fits: faulty, read: ({ service }) => product(`a fault is injected on the way to ${service} (FI)`) },
  { fits: overflow, read: ({ service }) => product(`a circuit breaker on the way to ${service} is open (UO)`) },
  {
    fits: unhealthy,
    read: (seen, wanted) =>
      idle(seen, wanted) ??
      product(
        `no pod of ${seen.service} is in the chosen subset, as the proxy knows it (UH), although its pods are ready`,
      ),
  },
  {
    fits: cutOff,
    read: (seen, wanted) => idle(seen, wanted) ?? product(`the proxy could not reach ${seen.service} (UF, UC)`),
  },
  {
    fits: noCluster,
    read: ({ service }) => product(`the route to ${service} names a subset that no DestinationRule declares (NC)`),
  },
  { fits: noRoute, read: ({ service }) => product(`no route to ${service} matches the request (NR)`) },
  { fits: slow, read: ({ service }) => product(`${service} took longer than the route allows (UT)`) },
  { fits: nobody, read: () => product('nothing listens on that port: no Gateway opens it on that proxy') },
];

/** The cause of a red sample, read from what came back and from the state of the deployments; undefined where neither tells. */
export function reasonFor(tally: Tally, seen: Circumstances, wanted: readonly string[]): Reason | undefined {
  for (const clue of clues) {
    if (tally.some(({ outcome }) => clue.fits(outcome))) return clue.read(seen, wanted);
  }
  // Others may have answered for a version that cannot.
  return wanted.length === 0 ? undefined : idle(seen, wanted);
}

/** A version that was asked for and has no pod to answer. */
function idle(
  { service, versionsOf = service, workloads }: Circumstances,
  wanted: readonly string[],
): Reason | undefined {
  const inQuestion = workloads.filter(({ version }) => wanted.length === 0 || wanted.includes(version));
  const without = inQuestion.find(({ ready }) => ready === 0);
  if (without === undefined) return undefined;
  const { name, version, ready, wanted: replicas } = without;
  return {
    suspect: 'environment',
    text: `subset ${version} of ${versionsOf} has no ready pod (deployment ${name}: ${ready} of ${replicas} replicas ready)`,
  };
}

function answeredWith(outcome: Outcome, status: number, words: string): boolean {
  if (outcome.kind !== 'answered' || outcome.status !== status) return false;
  return words === '' || outcome.detail.includes(words);
}

/** A proxy answers for a missing route or cluster with its own name and an empty body. */
function byProxy(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.detail === '' && outcome.server.includes('envoy');
}

function product(text: string): Reason {
  return { suspect: 'product', text };
}
