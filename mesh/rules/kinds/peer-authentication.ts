import { dig, type Dump, text } from '../../proxy/dump.ts';
import { doorsOf } from '../../proxy/guards.ts';
import type { Rule } from '../rule.ts';
import type { GuardedProxy, Scene } from '../scene.ts';
import { type Kind, noSign } from './kind.ts';
import { guardedOf, ROOT_NAMESPACE, selectorOf, selects } from './selected.ts';

/** What a proxy does on a port where no policy says anything. */
const DEFAULT = 'PERMISSIVE';
/** For connections to a port that no program was said to listen on. */
const OTHER_PORTS = 0;

/**
 * A proxy bears no policy's name: what shows is which ports take plain text. The policies that hold together decide that, so the marks
 * are those of all of them, and what a policy leaves behind when it goes is what the others demand.
 */
export const peerAuthentication: Kind = {
  apiGroup: 'security.istio.io',
  kind: 'PeerAuthentication',
  rank: 1,
  sections: () => ['listeners'],
  involved: (rule, scene) => (scene.workloads ?? []).filter((one) => selects(rule, one)).map(({ view }) => view),
  expected: (rule, scene, view) => marksOf(modesOf(rule, scene, guardedOf({ view }, scene))),
  remaining: (rule, scene, view) => marksOf(modesOf(rule, scene, guardedOf({ view }, scene))),
  seen: (_rule, scene, view, dump) => marksOf(modesIn(dump, guardedOf({ view }, scene))),
};

type Modes = ReadonlyMap<number, string>;

function modesIn(dump: Dump, { ports }: GuardedProxy): Modes {
  const doors = doorsOf(dump);
  const mode = (port: number) => {
    const own = doors.filter((door) => door.port === port);
    const through = own.length > 0 ? own : doors.filter((door) => door.port === OTHER_PORTS);
    if (through.length === 0) return 'closed';
    return through.every(({ mutual }) => mutual)
      ? 'STRICT'
      : through.some(({ mutual }) => mutual)
        ? DEFAULT
        : 'DISABLE';
  };
  return new Map([OTHER_PORTS, ...ports].map((port) => [port, mode(port)]));
}

/** From the narrowest to the widest: the port of a workload, the workload, its namespace, the mesh. */
function modesOf(rule: Rule, { inForce }: Scene, proxy: GuardedProxy): Modes {
  const policies = inForce.filter((one) => one.kind === 'PeerAuthentication' && selects(one, proxy));
  const width = (one: Rule) => (selectorOf(one) !== undefined ? 0 : one.metadata.namespace === ROOT_NAMESPACE ? 2 : 1);
  const byWidth = policies.toSorted((a, b) => width(a) - width(b));
  const general = modeOf(rule, ...byWidth.map((one) => dig(one, 'spec', 'mtls', 'mode')));
  const mode = (port: number) =>
    modeOf(rule, ...byWidth.map((one) => dig(one, 'spec', 'portLevelMtls', `${port}`, 'mode')), general);
  return new Map([[OTHER_PORTS, general], ...proxy.ports.map((port) => [port, mode(port)] as const)]);
}

/** The first that says anything. */
function modeOf(rule: Rule, ...modes: readonly unknown[]): string {
  const mode = modes.map(text).find((one) => one !== '' && one !== 'UNSET') ?? DEFAULT;
  // Callers are told of it too, and what they are told does not show in the listeners.
  if (mode === 'DISABLE') throw noSign(rule, `mode ${mode}`);
  return mode;
}

function marksOf(modes: Modes): readonly string[] {
  return [...modes].map(([port, mode]) => `${port === OTHER_PORTS ? 'other ports' : `port ${port}`}: ${inWords(mode)}`);
}

function inWords(mode: string): string {
  return mode === 'STRICT' ? 'only mutual TLS' : mode === DEFAULT ? 'mutual TLS and plain text' : mode;
}
