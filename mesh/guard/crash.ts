import { earlierLog } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import { ISTIO_NAMESPACE } from '../world/names.ts';
import { censusOf } from './census.ts';
import type { Change } from './changes.ts';

/** How the last lines of a container tell that it fell over what it was given. Who was killed, or told to go, did not crash. */
interface Teller {
  /** What goes before the name of the pod. */
  readonly who: string;
  readonly lines: number;
  readonly words: readonly RegExp[];
}

/**
 * Go's runtime tells first, and then where each goroutine was: a stack that overflowed was seen to take 17,000 lines. It puts no time before its words, as
 * istiod does before what it logs. A machine that has no memory and no thread left is no rule's doing.
 */
const panic = /^((?:panic|fatal error): (?!.*(?:out of memory|cannot allocate memory|newosproc)).*)/m;
const LINES = 20_000;

const istiod: Teller = { who: 'istiod in', lines: LINES, words: [panic] };

/** The agent that started Envoy tells of its end; of its own, Go's runtime does. */
const proxy: Teller = {
  who: 'the proxy of',
  lines: LINES,
  words: [/Envoy exited with error: (?!signal: (?:killed|terminated|interrupt))([^"\n]+)/, panic],
};

const LONGEST = 300;

/**
 * Tells proxies and istiods that crashed from what else became of pods: a container that is killed is a matter of the environment, one that falls over
 * what it was given is not. A proxy's exit code does not tell: the agent ends with 0 all the same.
 */
export async function crashesAmong<C extends Pick<Change, 'namespace' | 'text' | 'restarted'>>(
  kube: Kube,
  changes: readonly C[],
): Promise<{ readonly crashes: readonly C[]; readonly changes: readonly C[] }> {
  const crashes = await Promise.all(changes.map((change) => crashOf(kube, change)));
  return {
    crashes: changes.flatMap((change, index) => {
      const text = crashes[index];
      return text === undefined ? [] : [{ ...change, text }];
    }),
    changes: changes.filter((_, index) => crashes[index] === undefined),
  };
}

/** In words; undefined where there was none. */
async function crashOf(
  kube: Kube,
  { namespace, restarted }: Pick<Change, 'namespace' | 'restarted'>,
): Promise<string | undefined> {
  return restarted === undefined ? undefined : crashTold(kube, namespace, restarted);
}

async function crashTold(
  kube: Kube,
  namespace: string,
  { pod, container }: NonNullable<Change['restarted']>,
): Promise<string | undefined> {
  const teller = tellerOf(namespace, container);
  if (teller === undefined) return undefined;
  const said = await earlierLog(kube, namespace, pod, container, teller.lines);
  const [end] = teller.words.flatMap((words) => words.exec(said ?? '')?.[1]?.trim() ?? []);
  return end === undefined ? undefined : `${teller.who} pod ${pod} crashed: ${end.slice(0, LONGEST)}`;
}

function tellerOf(namespace: string, container: string): Teller | undefined {
  if (container === 'istio-proxy') return proxy;
  return container === 'discovery' && namespace === ISTIO_NAMESPACE ? istiod : undefined;
}

/**
 * The first istiod or proxy of a namespace that fell over what it was given, by its own last words, of those that began anew: undefined where there is none, or
 * nobody can be asked.
 */
export async function crashIn(kube: Kube, namespace: string): Promise<string | undefined> {
  const census = await censusOf(kube, namespace).catch(() => []);
  const again = census.flatMap(({ name, lives }) =>
    lives.filter(({ restarts }) => restarts > 0).map((life) => ({ pod: name, container: life.name })),
  );
  const told = await Promise.all(again.map((one) => crashTold(kube, namespace, one).catch(() => undefined)));
  return told.find((words) => words !== undefined);
}
