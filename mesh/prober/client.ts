import type { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type { Http } from '../kube/pod-http.ts';
import { redact } from '../redact.ts';
import type { Reply } from '../kube/rest.ts';
import { type Order, type ProbeReport, reportSchema, runSchema } from './protocol.ts';

export const PROBER_PORT = 8099;

/** Traffic that flows until it is stopped, for instance while a rule changes. */
export interface Run {
  stop(): Promise<ProbeReport>;
}

/** A program that asks on our behalf: in a pod, or on this machine. */
export class Prober {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Sends all of it and comes back with the tally. */
  async send(order: Order): Promise<ProbeReport> {
    const reply = await this.#http.send({ method: 'POST', path: '/send', body: JSON.stringify(order) });
    return this.#understood(reply, reportSchema, `sending to ${order.target}`);
  }

  async start(order: Order): Promise<Run> {
    const doing = `starting traffic to ${order.target}`;
    const reply = await this.#http.send({ method: 'POST', path: '/runs', body: JSON.stringify(order) });
    const { id } = this.#understood(reply, runSchema, doing);
    return {
      stop: async () => {
        const stopped = await this.#http.send({ method: 'POST', path: `/runs/${id}/stop` });
        return this.#understood(stopped, reportSchema, `stopping traffic to ${order.target}`);
      },
    };
  }

  #understood<T>({ status, text }: Reply, schema: z.ZodType<T>, doing: string): T {
    const parsed = status < 300 ? schema.safeParse(jsonOf(redact(text))) : undefined;
    if (parsed?.success === true) return parsed.data;
    throw new HarnessError({
      code: 'PROBER_FAILED',
      blame: 'environment',
      doing: `Asking the prober (${this.#http.peer}): ${doing}`,
      expected: 'a report',
      seen: `${status} ${parsed?.error.message ?? text.slice(0, 300)}`,
      next: 'see whether its pod is running, and its log; after the harness was updated, `npm run deploy` brings the new one',
      cause: parsed?.error,
    });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
