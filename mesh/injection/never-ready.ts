import { z } from 'zod';
import { suspectInWords } from '../judge/reasons.ts';
import type { Kube } from '../kube/kube.ts';
import { inSeconds } from '../seconds.ts';

const ended = z.object({ exitCode: z.number() });
const status = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  state: z
    .object({ running: z.object({ startedAt: z.string() }).optional(), terminated: ended.optional() })
    .default({}),
  lastState: z.object({ terminated: ended.optional() }).default({}),
});
const schema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({
    containerStatuses: z.array(status).default([]),
    initContainerStatuses: z.array(status).default([]),
  }),
});

/** What injection adds, and nothing of the application. */
const INJECTED: ReadonlySet<string> = new Set(['istio-init', 'istio-validation', 'istio-proxy']);
/** Killed from outside, or told to go: no word on what was injected. */
const FROM_OUTSIDE: ReadonlySet<number> = new Set([137, 143]);

/** A proxy that has just begun may well become ready: its image came late. */
const SETTLING_MILLIS = 20_000;

/** A pod was injected with what does not work. */
class SidecarNeverReady extends Error {
  override readonly name = 'SidecarNeverReady';
}

/** The verdict on a pod that does not become ready for what was injected into it; undefined where it waits for something else, an image for instance. */
export async function sidecarAtFault(
  kube: Kube,
  selection: PodSelection,
  waitedMillis: number,
): Promise<SidecarNeverReady | undefined> {
  const [words] = await faultsIn(kube, selection);
  if (words === undefined) return undefined;
  return new SidecarNeverReady(`${words} (waited ${inSeconds(waitedMillis)}) ${suspectInWords('mesh')}`);
}

export interface PodSelection {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What keeps pods from being ready, as far as it is the mesh's: `pod kubia-1: istio-proxy runs and does not become ready`. */
export async function faultsIn(kube: Kube, selection: PodSelection): Promise<readonly string[]> {
  const pods = await kube.list({ apiVersion: 'v1', kind: 'Pod', ...selection });
  return pods
    .map((one) => schema.parse(one))
    .flatMap(({ metadata, status: { initContainerStatuses, containerStatuses } }) => {
      const injected = [...initContainerStatuses, ...containerStatuses].filter(({ name }) => INJECTED.has(name));
      return injected.flatMap((one) => faultOf(one) ?? []).map((words) => `pod ${metadata.name}: ${words}`);
    });
}

function faultOf({ name, ready, state, lastState }: z.infer<typeof status>): string | undefined {
  if (ready) return undefined;
  const exit = (state.terminated ?? lastState.terminated)?.exitCode ?? 0;
  if (exit !== 0 && !FROM_OUTSIDE.has(exit)) return `${name} ended with exit code ${exit}`;
  const since = Date.parse(state.running?.startedAt ?? '');
  return Date.now() - since > SETTLING_MILLIS ? `${name} runs and does not become ready` : undefined;
}
