import { z } from 'zod';
import { type Outcome, outcomeSchema, type Tally } from '../judge/outcome.ts';

/** Parts that several kinds of input are made of. */
export const words = z.array(z.string()).readonly();

export const tally = z.array(z.object({ outcome: outcomeSchema, count: z.number() })).readonly();

const workload = z.object({
  name: z.string(),
  version: z.string(),
  wanted: z.number(),
  ready: z.number(),
  fault: z.string().exactOptional(),
});
const written = z.object({
  status: z.number(),
  flags: words,
  details: z.string(),
  failure: z.string(),
  cluster: z.string(),
});

/** The state behind the answers. */
const circumstances = z.object({
  service: z.string(),
  versionsOf: z.string().exactOptional(),
  workloads: z.array(workload).readonly(),
  own: z.array(workload).readonly().exactOptional(),
  written: z.array(written).readonly().exactOptional(),
});

/** What every verdict on a sample is taken from. */
export const askingFields = {
  question: z.string(),
  asked: z.number(),
  /** Never sent, since too many had no answer in time, or all took too long; missing where there were none. */
  unsent: z.number().exactOptional(),
  seconds: z.number(),
  tally,
  inForce: words,
  /** Read only where the verdict is red, to name the cause. */
  circumstances: circumstances.exactOptional(),
};
export type Asking = z.infer<z.ZodObject<typeof askingFields>>;

export const arrivals = z.object({
  each: z
    .array(z.object({ outcome: outcomeSchema, times: z.number(), requests: z.number(), first: z.string() }))
    .readonly(),
  strangers: z.number(),
});

/** Lines of a log, counted by what they say. */
export const lines = z.array(z.object({ status: z.number(), flags: words, count: z.number() })).readonly();

export const connections = z
  .array(z.object({ cluster: z.string(), upstream: z.string(), serverName: z.string(), count: z.number() }))
  .readonly();

export const visited = z.object({ connections: z.number(), requests: z.number(), arrivals, names: words });

/** Whether requests that came to what was claimed did not arrive so often, or some arrived that nobody sent. */
export function strayed(
  { each, strangers }: z.infer<typeof arrivals>,
  wanted: number,
  fits: (outcome: Outcome) => boolean,
): boolean {
  return strangers > 0 || each.some(({ outcome, times }) => fits(outcome) && times !== wanted);
}

/** The outcomes of a tally that are not as they should be. */
export function except(some: Tally, fits: (outcome: Outcome) => boolean): Tally {
  return some.filter(({ outcome }) => !fits(outcome));
}
