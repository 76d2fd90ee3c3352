import type { Written } from '../proxy/agent-log.ts';
import { FAULT_BODY } from './abort.ts';
import { type Remark as Reason, remarkOn } from './flags.ts';
import type { Outcome, Tally } from './outcome.ts';

/** A deployment behind a service, as the cluster describes it at the moment of the verdict. */
export interface Workload {
  readonly name: string;
  readonly version: string;
  /** Replicas that its spec asks for, and how many of them are ready. */
  readonly wanted: number;
  readonly ready: number;
  /** What keeps its pods from being ready, where that is the mesh's. */
  readonly fault?: string;
}

export type { Reason };

export interface Circumstances {
  readonly service: string;
  /** The service behind it that has the versions, where that is another one. */
  readonly versionsOf?: string;
  readonly workloads: readonly Workload[];
  /** Those of the service itself, where the versions are another's. */
  readonly own?: readonly Workload[];
  /** What the proxies wrote about these very requests, the caller's first; nothing where that cannot be had. */
  readonly written?: readonly Written[];
}

/** Whose problem a red verdict is most likely to be: the product's (a rule, the mesh, an app), or not the product's at all. */
export type Suspect = 'rule' | 'mesh' | 'app' | 'environment' | 'harness';

/** For a claim that does not hold although every request was served: traffic goes where the rule, or the mesh, leads it. */
export const UNSUSPECTED = '[suspect: the rule or the mesh]';

export function suspectInWords(suspect: Suspect): string {
  return `[suspect: the ${suspect}]`;
}

/** How the harness calls a request of which its prober said nothing any more. */
export const LOST = 'the prober lost it';

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
/** Not a name that is unknown: nobody answered who would know it. */
const unresolved = (outcome: Outcome) =>
  outcome.kind === 'refused' && outcome.reason === 'dns' && outcome.detail !== 'ENOTFOUND';
/** Of the caller's own machine: the connection was never tried. */
const portless = (outcome: Outcome) => outcome.kind === 'refused' && outcome.detail === 'EADDRNOTAVAIL';
const lost = (outcome: Outcome) => outcome.kind === 'refused' && outcome.detail === LOST;

interface Excuse {
  fits(outcome: Outcome): boolean;
  reason(service: string): Reason;
}

/** What excuses the mesh has to explain every one of the surprising answers, and there must be nothing else that is amiss. */
const excuses: readonly Excuse[] = [
  {
    fits: lost,
    reason: () => ({ suspect: 'harness', text: 'requests were sent of which the prober gave no account' }),
  },
  {
    fits: unresolved,
    reason: (service) => ({ suspect: 'environment', text: `DNS gave no answer for the name of ${service}` }),
  },
  {
    fits: portless,
    reason: (service) => ({
      suspect: 'environment',
      text: `the caller had no port left for another connection to ${service}`,
    }),
  },
];

/** From the most telling to the vaguest; the first that fits a surprising outcome is taken. */
const clues: readonly Clue[] = [
  { fits: faulty, read: ({ service }) => rule(`a fault is injected on the way to ${service} (FI)`) },
  { fits: overflow, read: ({ service }) => rule(`a circuit breaker on the way to ${service} is open (UO)`) },
  {
    fits: unhealthy,
    read: (seen, wanted) =>
      idle(seen, wanted) ??
      rule(
        `no pod of ${seen.service} is in the chosen subset, as the proxy knows it (UH), although its pods are ready`,
      ),
  },
  {
    fits: cutOff,
    read: (seen, wanted) =>
      idle(seen, wanted) ?? {
        suspect: 'app',
        text: `the proxy could not reach ${seen.service} (UF, UC)`,
      },
  },
  {
    fits: noCluster,
    read: ({ service }) => rule(`the route to ${service} names a subset that no DestinationRule declares (NC)`),
  },
  { fits: noRoute, read: ({ service }) => rule(`no route to ${service} matches the request (NR)`) },
  { fits: slow, read: ({ service }) => rule(`${service} took longer than the route allows (UT)`) },
  { fits: nobody, read: () => rule('nothing listens on that port: no Gateway opens it on that proxy') },
];

/**
 * The cause of a red sample, read from what the proxies wrote, from what came back, and from the state of the deployments; undefined
 * where none of them tells.
 *
 * @param tally the answers that are not as claimed
 */
export function reasonFor(tally: Tally, seen: Circumstances, wanted: readonly string[]): Reason | undefined {
  const written = writtenReason(tally, seen, wanted);
  if (written !== undefined) return written;
  for (const clue of clues) {
    if (tally.some(({ outcome }) => clue.fits(outcome))) return clue.read(seen, wanted);
  }
  // Others may have answered for a version that cannot.
  return wanted.length === 0 ? undefined : idle(seen, wanted);
}

/** What explains all of these answers, and is nobody's fault who is judged. */
export function excuseFor(tally: Tally, service: string): Reason | undefined {
  const excuse = excuses.find((one) => tally.length > 0 && tally.every(({ outcome }) => one.fits(outcome)));
  return excuse?.reason(service);
}

/** Of the lines about answers like the surprising ones, the first that names a cause. */
function writtenReason(tally: Tally, seen: Circumstances, wanted: readonly string[]): Reason | undefined {
  const statuses = new Set(tally.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.status : 0)));
  for (const line of seen.written ?? []) {
    if (!statuses.has(line.status)) continue;
    const remark = remarkOn(line, seen.service);
    const unreachable = line.flags.some((flag) => ['UH', 'UF', 'UC', 'URX'].includes(flag));
    if (remark !== undefined) return (unreachable ? idle(seen, wanted) : undefined) ?? remark;
  }
  return undefined;
}

/** A version that was asked for and has no pod to answer, or nobody at all behind the service. */
function idle(
  { service, versionsOf = service, workloads, own = workloads }: Circumstances,
  wanted: readonly string[],
): Reason | undefined {
  const inQuestion = workloads.filter(({ version }) => wanted.length === 0 || wanted.includes(version));
  const without = inQuestion.find(({ ready }) => ready === 0);
  if (without !== undefined) return withoutPod(`subset ${without.version} of ${versionsOf}`, without);
  const [first] = own;
  if (first === undefined || own.some(({ ready }) => ready > 0)) return undefined;
  return withoutPod(service, first);
}

function withoutPod(who: string, { name, ready, wanted: replicas, fault }: Workload): Reason {
  if (fault !== undefined) return { suspect: 'mesh', text: `${who} has no ready pod: ${fault}` };
  return {
    suspect: 'environment',
    text: `${who} has no ready pod (deployment ${name}: ${ready} of ${replicas} replicas ready)`,
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

function rule(text: string): Reason {
  return { suspect: 'rule', text };
}
