import { randomUUID } from 'node:crypto';
import { HarnessError } from '../errors.ts';
import { type Circumstances, LOST } from '../judge/reasons.ts';
import { type Tally, total } from '../judge/outcome.ts';
import type { OwnProxy } from '../proxy/own-proxy.ts';
import { redact } from '../redact.ts';
import type { Prober } from './client.ts';
import type { Order, ProbeReport, ProbeRecord, Tls } from './protocol.ts';

/** What came of asking one question many times. */
export interface Sample {
  readonly question: string;
  /** How many requests were sent, or should have been: more than the tally holds means that some were lost. */
  readonly asked: number;
  /** How many more were ordered, and never sent, since too many had no answer in time, or all took too long. */
  readonly unsent: number;
  readonly tally: Tally;
  readonly seconds: number;
  readonly millis: ProbeReport['millis'];
  /** With a rate: how late the latest request left. */
  readonly behindMillis: number;
  readonly records: readonly ProbeRecord[];
  /** How every request's id begins; '' where no record was wanted. */
  readonly idPrefix: string;
  /** The user agent of every request, which is this sample's alone: so they are found in the proxies' logs. '' where there is none. */
  readonly agent: string;
}

export interface AskOptions {
  /** How many are on their way at a time: all of them, where what is asked takes its time. */
  readonly concurrency?: number;
  /** How many are sent in a second, where a burst would measure itself. */
  readonly rate?: number;
  /** When a request that has no answer is given up, in milliseconds; 10,000 if it is not said. */
  readonly timeoutMillis?: number;
  /** Whether each single request is of interest: its id, its time. */
  readonly records?: boolean;
  /** With `records`: whether what was answered is of interest too. */
  readonly bodies?: boolean;
}

/** Requests that are on their way, one after the other, until they are stopped. */
export interface Traffic {
  readonly question: string;
  readonly inForce: () => readonly string[];
  circumstances(agent: string): Promise<Circumstances>;
  /** Ends it and says what came of it; the same again when asked again. */
  stop(): Promise<Sample>;
}

export interface Asking {
  readonly prober: Pick<Prober, 'send' | 'start'>;
  /** `caller`, `outside`. */
  readonly from: string;
  /** What is asked, in words: `nodebook`. */
  readonly subject: string;
  readonly order: Omit<Order, 'count' | 'durationSeconds' | 'target'>;
  readonly url: URL;
  /** The state behind the answers, read when a verdict is red. */
  readonly circumstances: (agent: string) => Promise<Circumstances>;
  /** The rules that shape the answers, for the text of a red verdict. */
  readonly inForce: () => readonly string[];
  /** The proxy that the requests pass first, where nobody else's do. */
  readonly proxy?: OwnProxy;
  /** Told of every sample and of all traffic, so that the owner can keep and end them. */
  readonly watcher: Watcher;
}

export interface Watcher {
  sampled(sample: Sample): void;
  started(traffic: Traffic): void;
  stopped(traffic: Traffic): void;
}

/** Enough workers to keep two cores busy, few enough that a small pool of connections shows no queue. */
const CONCURRENCY = 16;
/** Some five times what the slowest sample was seen to take, and less than a test has. */
const BUDGET_MILLIS = 45_000;
const LONGEST_TRAFFIC_SECONDS = 60;
/** Traffic must not become the load: on a machine that is slow it falls behind its rate rather than pile up. */
const TRAFFIC_CONCURRENCY = 8;

const isTelling = (header: string) => !/^(?:cookie|(?:proxy-)?authorization)$/i.test(header);

/** One kind of request, by one caller. Immutable: each refinement is a new question. */
export class Question {
  readonly name: string;
  readonly #asking: Asking;

  constructor(asking: Asking, name = `${asking.from} to ${asking.subject}`) {
    this.#asking = asking;
    this.name = name;
  }

  /** The host that is asked for. */
  get host(): string {
    return this.#asking.url.hostname;
  }

  /** The same with more headers: `with app-ver: v3`. What a cookie says is left out: names stand in reports, and those are given away. */
  with(headers: Readonly<Record<string, string>>): Question {
    const words = Object.entries(headers).map(([name, value]) =>
      isTelling(name) ? `${name}: ${value}` : `${name} set`,
    );
    const order = { ...this.#asking.order, headers: { ...this.#asking.order.headers, ...headers } };
    return this.#refined({ order }, `with ${words.join(', ')}`);
  }

  /** The same for another path. */
  at(path: string): Question {
    return this.#refined({ url: new URL(path, this.#asking.url) }, path);
  }

  /** The same with something to carry. */
  sending(body: string): Question {
    const order = { ...this.#asking.order, method: 'POST', body };
    return this.#refined({ order }, `sending ${Buffer.byteLength(body)} bytes`);
  }

  /** The same with a new connection for every request. */
  overFreshConnections(): Question {
    return this.#refined({ order: { ...this.#asking.order, connections: 'fresh' } }, 'over fresh connections');
  }

  /** The same over TLS, with this name (SNI) and trusting this authority alone. */
  overTls(tls: Tls): Question {
    const url = new URL(this.#asking.url);
    url.protocol = 'https:';
    return this.#refined({ url, order: { ...this.#asking.order, tls } }, `as ${tls.serverName ?? url.hostname}`);
  }

  /** The same, as if the name had resolved to this address (`ip:port`). */
  resolvedTo(address: string): Question {
    return this.#refined({ order: { ...this.#asking.order, connectTo: address } }, `resolved to ${address}`);
  }

  /** The same, with a part of the answer's body in the place of the version: the group of this pattern. */
  reading(pattern: RegExp): Question {
    const order = { ...this.#asking.order, version: { pattern: pattern.source } };
    return this.#refined({ order }, `reading ${pattern.source}`);
  }

  /** Asks `count` times, once and for all. */
  async ask(
    count: number,
    { concurrency = CONCURRENCY, rate, timeoutMillis, records = false, bodies = false }: AskOptions = {},
  ): Promise<Sample> {
    const idPrefix = records ? randomUUID() : '';
    const agent = this.#newAgent();
    const report = await this.#asking.prober.send({
      ...this.#order(agent),
      count,
      concurrency: Math.min(concurrency, count),
      ...(rate === undefined ? {} : { rate }),
      ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
      // What hangs, or takes too long, would go on until the test's own time is up, which names no reason.
      giveUpAfter: Math.min(concurrency, count),
      ...(rate === undefined ? { budgetMillis: BUDGET_MILLIS } : {}),
      ...(records ? { records, idPrefix } : {}),
      ...(bodies ? { bodies } : {}),
    });
    const unsent = report.endedBy === 'silence' || report.endedBy === 'budget' ? count - report.sent : 0;
    return this.#sampled(count - unsent, report, agent, { idPrefix, unsent });
  }

  /** Asks for so long over so many connections, each as soon as it has its answer, and waits for what is under way at the end. */
  async load(connections: number, seconds: number): Promise<Sample> {
    const agent = this.#newAgent();
    const order = { ...this.#order(agent), concurrency: connections, durationSeconds: seconds };
    const report = await this.#asking.prober.send(order);
    return this.#sampled(report.sent, report, agent);
  }

  /** @throws HarnessError NO_OWN_PROXY for a caller who has none: a test that asks for it is written wrongly */
  get proxy(): OwnProxy {
    if (this.#asking.proxy !== undefined) return this.#asking.proxy;
    throw new HarnessError({
      code: 'NO_OWN_PROXY',
      blame: 'usage',
      doing: `Looking for the proxy that requests pass first: ${this.name}`,
      seen: 'this caller has no proxy of its own',
      next: "ask from the caller that has a sidecar, or through the worker's own gateway",
    });
  }

  /** Keeps asking, at an even rate, until it is stopped. */
  async keepAsking(rate = 200): Promise<Traffic> {
    const agent = this.#newAgent();
    const run = await this.#asking.prober.start({
      ...this.#order(agent),
      rate,
      concurrency: TRAFFIC_CONCURRENCY,
      durationSeconds: LONGEST_TRAFFIC_SECONDS,
      records: true,
    });
    const ended = (report: ProbeReport) => {
      this.#asking.watcher.stopped(traffic);
      return this.#sampled(report.sent, report, agent);
    };
    let stopped: Promise<Sample> | undefined;
    const traffic: Traffic = {
      question: this.name,
      inForce: this.#asking.inForce,
      circumstances: (of) => this.circumstances(of),
      stop: () => (stopped ??= run.stop().then(ended)),
    };
    this.#asking.watcher.started(traffic);
    return traffic;
  }

  get method(): string {
    return this.#asking.order.method ?? 'GET';
  }

  /** What a request of it carries. */
  get bytes(): number {
    return Buffer.byteLength(this.#asking.order.body ?? '');
  }

  inForce(): readonly string[] {
    return this.#asking.inForce();
  }

  circumstances(agent: string): Promise<Circumstances> {
    return this.#asking.circumstances(agent);
  }

  #newAgent(): string {
    return this.#asking.url.protocol === 'tcp:' ? '' : `istio-e2e/${randomUUID()}`;
  }

  #order(agent: string): Omit<Order, 'count' | 'durationSeconds'> {
    const { order, url } = this.#asking;
    if (agent === '') return { ...order, target: url.href };
    return { ...order, headers: { 'user-agent': agent, ...order.headers }, target: url.href };
  }

  #sampled(asked: number, report: ProbeReport, agent: string, { idPrefix = '', unsent = 0 } = {}): Sample {
    const { tally, seconds, millis, behindMillis, records = [] } = report;
    const lost = asked - total(tally);
    const gone = { outcome: { kind: 'refused', reason: 'other', detail: LOST } as const, count: lost };
    const counted = lost > 0 ? [...tally, gone] : tally;
    const sample = {
      question: this.name,
      asked,
      unsent,
      tally: counted,
      seconds,
      millis,
      behindMillis,
      records,
      idPrefix,
      agent,
    };
    this.#asking.watcher.sampled(sample);
    return sample;
  }

  #refined(change: Partial<Asking>, words: string): Question {
    return new Question({ ...this.#asking, ...change }, redact(`${this.name} ${words}`));
  }
}
