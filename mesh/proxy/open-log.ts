import { followLog } from '../kube/diagnosis.ts';
import type { Kube } from '../kube/kube.ts';
import type { Pod } from '../kube/pods.ts';

/** The access log of a pod's proxy from the moment on in which it was opened. */
export interface OpenLog extends AsyncDisposable {
  /** What has been written since, the oldest line first. */
  text(): Promise<string>;
}

/**
 * A kubelet shows the newest file of a log only, and begins another one when it finds too much in it: lines of a moment ago are gone then. So the
 * log is followed, which outlives a rotation, and fetched, too, for the one case in which following does not (see `FollowedLog`). Each line counts
 * once, by the stamp that the container's runtime gave it.
 */
export async function openLog(kube: Kube, { namespace, name }: Pick<Pod, 'namespace' | 'name'>): Promise<OpenLog> {
  await using opening = new AsyncDisposableStack();
  const log = followLog(kube, namespace, name, 'istio-proxy');
  // How following ends is nobody's trouble: what it did not tell is fetched, and an API server that goes away fails that look, too.
  opening.defer(() => Promise.resolve(log[Symbol.asyncDispose]()).catch(() => undefined));
  const before = new Set(linesIn(await log.fetch()));
  const opened = opening.move();
  return {
    text: async () => {
      const fetched = await log.fetch();
      const all = new Set([...linesIn(log.text()), ...linesIn(fetched)]);
      const since = [...all].filter((line) => !before.has(line)).map(stamped);
      return since
        .toSorted((a, b) => a.at.localeCompare(b.at))
        .map(({ text }) => `${text}\n`)
        .join('');
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Whole lines: the last one may still be on its way. */
function linesIn(log: string): readonly string[] {
  return log.split('\n').slice(0, -1);
}

/** `2026-11-22T01:22:03.68Z {...}`: Go leaves out zeros at the end of a fraction, and without the Z the shorter one still comes first. */
function stamped(line: string): { readonly at: string; readonly text: string } {
  const [, at = '', text = line] = /^(\S+)Z (.*)$/.exec(line) ?? [];
  return { at, text };
}
