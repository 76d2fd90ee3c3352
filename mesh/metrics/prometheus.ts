import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import { REQUESTS } from '../judge/counted.ts';
import type { Http } from '../kube/pod-http.ts';
import { type Clock, converge, systemClock } from '../waiting/converge.ts';
import type { RequestCounters } from './counters.ts';
import type { Series } from './series.ts';

const value = z.tuple([z.number(), z.coerce.number()]);
const scalar = z.object({ data: z.object({ result: value }) });
const vector = z.object({
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), value })) }),
});

/** The pods whose proxies are of interest, as Prometheus labels what it scrapes from them. */
export interface Scraped {
  readonly namespace: string;
  readonly pods: readonly string[];
}

/** Scrapes that begin within the same moment may be given one time. */
const TOLERANCE_SECONDS = 0.02;
/** It scrapes every two seconds; and the reason must come before the test is out of time. */
const patience = { within: 25_000, every: 500 };

/**
 * What Prometheus holds of these pods' counters. It hears of requests when it scrapes: a reading waits until it has scraped every one of the pods after the
 * call, by its own clock.
 */
export function prometheusCounters(http: Http, scraped: Scraped, clock: Clock = systemClock): RequestCounters {
  const labels = `namespace="${scraped.namespace}", pod=~"${scraped.pods.join('|')}"`;
  const series = async (query: string) => vector.parse(await ask(http, query)).data.result;
  const read = async (): Promise<readonly Series[]> => {
    const [, asked] = scalar.parse(await ask(http, 'time()')).data.result;
    const late = async () => {
      // A scrape that failed has a time, too, and takes all of the pod's series away.
      const scrapes = await series(`timestamp(up{${labels}}) and (up{${labels}} == 1)`);
      const fresh = (pod: string) => {
        const times = scrapes.filter(({ metric }) => metric['pod'] === pod).map((one) => one.value[1]);
        return times.length > 0 && times.every((time) => time > asked + TOLERANCE_SECONDS);
      };
      return scraped.pods.filter((pod) => !fresh(pod));
    };
    const { held, last, millis } = await converge(late, ({ length }) => length === 0, { ...patience, clock });
    if (!held) throw neverScraped(http.peer, last, millis);
    const all = await series(`{__name__=~"(envoy_.*_)?${REQUESTS}", ${labels}}`);
    return all.map(({ metric: { __name__: _, ...rest }, value: [, count] }) => ({ labels: rest, value: count }));
  };
  return { name: 'Prometheus', reporters: ['source', 'destination'], read };
}

async function ask(http: Http, query: string): Promise<unknown> {
  const path = `/api/v1/query?${new URLSearchParams({ query }).toString()}`;
  const { status, text } = await http.send({ method: 'GET', path });
  if (status === 200) return JSON.parse(text) as unknown;
  throw new HarnessError({
    code: 'PROMETHEUS_UNREADABLE',
    blame: 'environment',
    doing: `Asking Prometheus (${http.peer}) for ${query}`,
    seen: `${status} ${text.slice(0, 200)}`,
    next: 'see whether its pod is running, and its log',
  });
}

function neverScraped(peer: string, pods: readonly string[], millis: number): HarnessError {
  return new HarnessError({
    code: 'NEVER_SCRAPED',
    blame: 'environment',
    doing: `Waiting until Prometheus (${peer}) has looked at ${pods.join(', ')} again`,
    seen: 'no scrape that is newer than the last request',
    afterMillis: millis,
    next: "look at its page of targets: the pod's proxy must be among them, by its labels namespace and pod",
  });
}
