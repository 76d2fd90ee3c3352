import { earlierLog } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import type { Change } from './changes.ts';

/** How the agent that started Envoy tells of its end. Who was killed, or told to go, did not crash. */
const fell = /Envoy exited with error: (?!signal: (?:killed|terminated|interrupt))([^"\n]+)/;
const LAST_LINES = 40;

/**
 * Tells proxies that crashed from what else became of pods: a container that is killed is a matter of the environment, an Envoy that falls over
 * what it was given is not. The container's exit code does not tell: the agent ends with 0 all the same.
 */
export async function crashesAmong<C extends Pick<Change, 'namespace' | 'text' | 'restarted'>>(
  kube: Kube,
  changes: readonly C[],
): Promise<{ readonly crashes: readonly { readonly text: string }[]; readonly changes: readonly C[] }> {
  const ends = await Promise.all(changes.map((change) => endOf(kube, change)));
  return {
    crashes: changes.flatMap(({ restarted }, index) => {
      const end = ends[index];
      return end === undefined ? [] : [{ text: `the proxy of pod ${restarted?.pod ?? ''} crashed: ${end}` }];
    }),
    changes: changes.filter((_, index) => ends[index] === undefined),
  };
}

async function endOf(
  kube: Kube,
  { namespace, restarted }: Pick<Change, 'namespace' | 'restarted'>,
): Promise<string | undefined> {
  if (restarted?.container !== 'istio-proxy') return undefined;
  const said = await earlierLog(kube, namespace, restarted.pod, restarted.container, LAST_LINES);
  return fell.exec(said ?? '')?.[1]?.trim();
}
