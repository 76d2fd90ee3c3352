import { LanePool } from './lane-pool.ts';
import type { Exchange, Lane, OpenLane } from './lane.ts';
import { LIMITS } from './plan.ts';
import type { Plan } from './plan.ts';
import type { RequestRecord, RunProgress, SendAnswer } from './protocol.ts';
import { Schedule } from './schedule.ts';
import { percentiles, round, Tally } from './tally.ts';

/** One plan being carried out: sends what is due on free lanes, and accounts for every request exactly once. */
export class Run {
  /** Settles when nothing is in flight any more. */
  readonly finished: Promise<SendAnswer>;
  readonly #plan: Plan;
  readonly #lanes: LanePool;
  readonly #schedule: Schedule;
  readonly #stopping = new AbortController();
  readonly #startedAt = new Date();
  readonly #start = performance.now();
  readonly #elapsed = (): number => performance.now() - this.#start;
  readonly #tally = new Tally();
  readonly #millis: number[] = [];
  readonly #records: RequestRecord[] = [];
  readonly #recordLimit: number;
  #state: RunProgress['state'] = 'sending';
  #sent = 0;
  #unanswered = 0;
  #behindMillis = 0;

  constructor(plan: Plan, openLane: OpenLane) {
    this.#plan = plan;
    this.#lanes = new LanePool(openLane, plan.concurrency);
    this.#schedule = new Schedule(plan);
    this.#recordLimit = plan.bodies ? LIMITS.recordsWithBodies : LIMITS.records;
    this.finished = this.#carryOut();
  }

  /** Sends nothing more; what is in flight is still awaited. */
  stop(): void {
    this.#stopping.abort();
  }

  progress(): Omit<RunProgress, 'id'> {
    return {
      state: this.#state,
      sent: this.#sent,
      inFlight: this.#sent - this.#millis.length,
      tally: this.#tally.rows(),
    };
  }

  async #carryOut(): Promise<SendAnswer> {
    while (this.#goesOn()) {
      await this.#schedule.whenDue(this.#sent, this.#elapsed, this.#stopping.signal);
      const lane = await this.#lanes.take();
      // Waiting for a free lane may have taken until after the end.
      if (this.#goesOn()) void this.#send(lane);
      else this.#lanes.give(lane);
    }
    const endedBy = this.#endedBy();
    this.#state = 'finishing';
    await this.#lanes.close();
    this.#state = 'finished';
    return this.#answer(endedBy);
  }

  async #send(lane: Lane): Promise<void> {
    const at = this.#elapsed();
    if (this.#plan.rate > 0) this.#behindMillis = Math.max(this.#behindMillis, at - this.#schedule.dueAt(this.#sent));
    this.#sent += 1;
    const number = this.#sent;
    const id = `${this.#plan.idPrefix}-${number}`;
    const exchange = await lane.exchange(id);
    this.#account(number, id, at, exchange);
    this.#lanes.give(lane);
  }

  #account(number: number, id: string, at: number, exchange: Exchange): void {
    const millis = this.#elapsed() - at;
    this.#millis.push(millis);
    this.#tally.add(exchange.outcome);
    if (exchange.outcome.kind === 'refused' && exchange.outcome.reason === 'timeout') this.#unanswered += 1;
    if (!this.#plan.records || number > this.#recordLimit) return;
    this.#records[number - 1] = { id, atMillis: round(at), millis: round(millis), ...exchange };
  }

  #goesOn(): boolean {
    return (
      !this.#stopping.signal.aborted &&
      this.#gaveUp() === undefined &&
      this.#schedule.includes(this.#sent, this.#elapsed())
    );
  }

  #gaveUp(): 'silence' | 'budget' | undefined {
    if (this.#unanswered >= this.#plan.giveUpAfter) return 'silence';
    return this.#elapsed() >= this.#plan.budgetMillis ? 'budget' : undefined;
  }

  #endedBy(): SendAnswer['endedBy'] {
    if (this.#sent === this.#plan.count) return 'count';
    if (this.#stopping.signal.aborted) return 'stop';
    return this.#gaveUp() ?? 'duration';
  }

  #answer(endedBy: SendAnswer['endedBy']): SendAnswer {
    const seconds = this.#elapsed() / 1000;
    const dropped = Math.max(0, this.#sent - this.#recordLimit);
    return {
      sent: this.#sent,
      endedBy,
      seconds: round(seconds),
      ratePerSecond: round(this.#sent / seconds),
      startedAt: this.#startedAt.toISOString(),
      behindMillis: round(this.#behindMillis),
      millis: percentiles(this.#millis),
      tally: this.#tally.rows(),
      ...(this.#plan.records && { records: this.#records, recordsDropped: dropped }),
    };
  }
}
