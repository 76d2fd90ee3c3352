import { z } from 'zod';
import { earlierLog } from './diagnosis.ts';
import type { Kube } from './kube.ts';

const status = z.object({
  name: z.string(),
  restartCount: z.number(),
  state: z
    .object({ waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional() })
    .default({}),
  lastState: z.object({ terminated: z.object({ exitCode: z.number() }).optional() }).default({}),
});
const schema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({
    containerStatuses: z.array(status).default([]),
    initContainerStatuses: z.array(status).default([]),
  }),
});

/** What a pod goes through on its way up, which says nothing by itself. */
const HARMLESS = new Set(['', 'ContainerCreating', 'PodInitializing']);

/**
 * What keeps pods of a namespace from being ready, as far as their containers say: the first crash with the last line that the container
 * wrote, or the first refusal to start one. Undefined where none does.
 */
export async function troubleIn(
  kube: Kube,
  namespace: string,
  labels?: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const selection = { apiVersion: 'v1', kind: 'Pod', namespace, ...(labels === undefined ? {} : { labels }) };
  const pods = (await kube.list(selection)).map((pod) => schema.parse(pod));
  const troubles = pods.flatMap(({ metadata, status: { containerStatuses, initContainerStatuses } }) =>
    [...initContainerStatuses, ...containerStatuses].filter(isTroubled).map((one) => ({ pod: metadata.name, ...one })),
  );
  const [first] = troubles;
  if (first === undefined) return undefined;
  const others = troubles.length === 1 ? '' : ` (one of ${troubles.length} containers in trouble)`;
  const { pod, name, restartCount, lastState } = first;
  const exit = lastState.terminated?.exitCode;
  const { reason = '', message = '' } = first.state.waiting ?? {};
  const why = message === '' ? reason : `${reason}, ${message.slice(0, 200)}`;
  if (exit === undefined) return `${name} of pod ${pod} waits: ${why}${others}`;
  const words = await lastWords(kube, namespace, pod, name);
  return `${name} of pod ${pod} ended with exit code ${exit}, restarted ${restartCount} times, last said: ${words}${others}`;
}

function isTroubled({ state, lastState }: z.infer<typeof status>): boolean {
  return !HARMLESS.has(state.waiting?.reason ?? '') || (lastState.terminated?.exitCode ?? 0) !== 0;
}

async function lastWords(kube: Kube, namespace: string, pod: string, container: string): Promise<string> {
  const said = (await earlierLog(kube, namespace, pod, container, 1))?.trim() ?? '';
  return said === '' ? 'nothing' : said.slice(0, 300);
}
