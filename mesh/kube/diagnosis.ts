import { z } from 'zod';
import type { Kube } from './kube.ts';
import type { KubeObject } from './objects.ts';

const eventSchema = z.object({
  type: z.string().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  metadata: z.object({ creationTimestamp: z.string().nullish() }),
  involvedObject: z.object({ kind: z.string().optional(), name: z.string().optional() }),
});

/** Where the API server tells of a pod's logs. */
export function logPath(namespace: string, pod: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
}

/** The last lines of a container's log; in words why there are none. */
export async function logTail(
  kube: Kube,
  namespace: string,
  pod: string,
  container: string,
  lines = 100,
): Promise<string> {
  const path = logPath(namespace, pod);
  const query = { container, tailLines: `${lines}`, timestamps: 'true' };
  const { status, text } = await kube.rest.call({ method: 'GET', path, query });
  return status === 200 ? text : `no log of ${container} in ${namespace}/${pod}: ${status} ${text.slice(0, 200)}`;
}

/** The last lines that a container wrote before it began anew; undefined where there is nothing to be read. */
export async function earlierLog(
  kube: Kube,
  namespace: string,
  pod: string,
  container: string,
  lines: number,
): Promise<string | undefined> {
  const path = logPath(namespace, pod);
  const query = { container, tailLines: `${lines}`, previous: 'true' };
  const { status, text } = await kube.rest.call({ method: 'GET', path, query });
  return status === 200 ? text : undefined;
}

/**
 * A container's log from a moment ago on, so that nothing is missed until the API server has taken it up. Followed and not fetched: it may be
 * rotated away at any moment.
 */
export interface FollowedLog extends AsyncDisposable {
  /** What has come so far. */
  text(): string;
  /**
   * What the log holds just now of the same time. A kubelet that rotates it while it looks for the place to begin at goes on following the file that
   * was, to which nobody writes any more (seen after a load of thousands of lines).
   */
  fetch(): Promise<string>;
}

/** Each line begins with the time at which the container's runtime took it down. */
export function followLog(kube: Kube, namespace: string, pod: string, container: string): FollowedLog {
  const path = logPath(namespace, pod);
  const doing = `Reading the log of ${container} in ${namespace}/${pod}`;
  const query = { container, timestamps: 'true' };
  const ending = new AbortController();
  let text = '';
  const call = {
    method: 'GET',
    path,
    query: { ...query, follow: 'true', sinceSeconds: '20' },
    signal: ending.signal,
  } as const;
  const over = kube.rest.stream(call, doing, (more) => (text += more));
  // Told to whoever ends it.
  over.catch(() => undefined);
  return {
    text: () => text,
    // More than what is followed, so that of two looks the fetched one knows what the other has.
    fetch: () => kube.rest.text({ method: 'GET', path, query: { ...query, sinceSeconds: '30' } }, doing),
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await over;
    },
  };
}

/** The newest warning about anything in a namespace: of what is refused, or has no room, no container tells. Undefined where there is none, or one may not look. */
export async function lastWarning(kube: Kube, namespace: string): Promise<string | undefined> {
  const events = await kube
    .list({ apiVersion: 'v1', kind: 'Event', namespace })
    .then(inOrder)
    .catch(() => []);
  const warnings = events.filter(({ type }) => type === 'Warning');
  const { involvedObject: { kind = '', name = '' } = {}, reason = '', message = '' } = warnings.at(-1) ?? {};
  return message === '' ? undefined : `${kind} ${name}: ${reason}, ${message.slice(0, 600)}`;
}

/** One line for each event, newest last. */
export async function eventsIn(kube: Kube, namespace: string, atMost = 60): Promise<string> {
  const events = await kube.list({ apiVersion: 'v1', kind: 'Event', namespace });
  return inOrder(events)
    .slice(-atMost)
    .map(({ at, type, reason, involvedObject: { kind, name }, message }) =>
      [at, type, reason, `${kind}/${name}`, message].join(' '),
    )
    .join('\n');
}

function inOrder(events: readonly KubeObject[]) {
  return events
    .map((event) => eventSchema.parse(event))
    .map((event) => ({
      ...event,
      at: event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '',
    }))
    .toSorted((a, b) => a.at.localeCompare(b.at));
}
