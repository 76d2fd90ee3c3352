import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';

/** The B3 headers that a request came to an app with; '' for one that was not there. */
export type Footprint = z.infer<typeof footprint>;

const footprint = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string(),
  sampled: z.string(),
});

/** What the apps of a chain say of the requests that came to them, by app. */
export type Trail = ReadonlyMap<string, readonly Footprint[]>;

/** What an app remembers of the request with this id: one footprint for each time that it arrived. */
export async function footprintsAt(door: Http, id: string): Promise<readonly Footprint[]> {
  const { status, text } = await door.send({ method: 'GET', path: `/trail?id=${encodeURIComponent(id)}` });
  const parsed = status === 200 ? z.array(footprint).safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success === true) return parsed.data;
  throw new HarnessError({
    code: 'BACK_END_UNREADABLE',
    blame: 'environment',
    doing: `Asking ${door.peer} which B3 headers it got`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether the pod is running, and its log',
  });
}
