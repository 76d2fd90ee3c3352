import { z } from 'zod';
import { type Ejection, type EjectionVerdict, judgeEjection } from '../../judge/ejection.ts';
import { judgeHandOver } from '../../judge/hand-over.ts';
import { outcomeSchema, total } from '../../judge/outcome.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { askingFields } from '../parts.ts';

export const toHandOver = judge({
  input: z.object({
    ...askingFields,
    from: z.string(),
    to: z.string(),
    /** When the first and the last request of each outcome were sent. */
    stretches: z
      .array(z.object({ outcome: outcomeSchema, count: z.number(), first: z.number(), last: z.number() }))
      .readonly(),
  }),
  decide: ({ from, to, stretches, ...asking }) => {
    const { pass, lost, before, after, overlapMillis, inOrder } = judgeHandOver(stretches, from, to);
    return onSample(asking, {
      pass,
      claim:
        lost.length > 0
          ? `${total(lost)} of ${asking.asked} requests were lost while ${from} handed over to ${to}`
          : before > 0 && after > 0
            ? `not handed over: ${from} did not serve first and ${to} last`
            : `nothing was handed over: ${before} requests were served by ${from}, ${after} by ${to}`,
      expected: `${from}, then ${to}, and no error`,
      versions: [to],
      surprising: lost,
      alsoAmiss: before === 0 || after === 0 || !inOrder,
      details: [`both served for ${Math.round(overlapMillis)} ms`],
    });
  },
});

const look = z.object({
  from: z.number(),
  to: z.number(),
  ejected: z.number(),
  ejections: z.number(),
  served: z.number(),
  byOthers: z.number(),
});

export const toEject = judge({
  input: z.object({
    ...askingFields,
    proxy: z.string(),
    failure: z.object({ version: z.string(), sentAt: z.number(), ejections: z.number() }),
    ejection: z.object({ for: z.number(), check: z.number() }),
    /** Every one of them, by a clock of their own. */
    looks: z.array(look).readonly(),
  }),
  decide: ({ proxy, failure, ejection, looks, ...asking }) => {
    const verdict = judgeEjection(looks, asking.tally, failure, ejection);
    const { version } = failure;
    return onSample(asking, {
      pass: verdict.pass,
      claim: claimOf(verdict, version, ejection),
      expected:
        ejection.for === 0
          ? `nobody ejected, ${version}, which failed, included`
          : `${version}, which failed, ejected once, for ${ejection.for} ms and up to ${ejection.check} ms more, and no request lost`,
      details: [
        `${proxy} counted ${verdict.ejections} ejections`,
        `while ${version} was ejected others served ${verdict.meanwhile} requests, and it ${verdict.intruders}`,
      ],
      surprising: verdict.lost,
      alsoAmiss: verdict.ejections !== (ejection.for === 0 ? 0 : 1) || verdict.intruders > 0,
    });
  },
});

function claimOf(
  { ejections, lost, intruders, meanwhile, atLeast, atMost, back }: EjectionVerdict,
  version: string,
  { for: millis, check }: Ejection,
): string {
  if (lost.length > 0) return `${total(lost)} requests were lost after ${version} had failed`;
  if (millis > 0 && ejections === 0) return `${version} failed, and was never ejected`;
  if (millis === 0 || ejections > 1) return `${ejections} instances were ejected after ${version} had failed`;
  if (intruders > 0) return `${version} was ejected, and got ${intruders} requests all the same`;
  if (atMost < millis) return `${version} was ejected for ${atMost.toFixed(0)} ms at most, and not for ${millis} ms`;
  if (!back) return `${version} was ejected for ${atLeast.toFixed(0)} ms at least, and did not come back`;
  if (meanwhile === 0) return `${version} was ejected, and others served nothing meanwhile`;
  return `${version} was ejected for ${atLeast.toFixed(0)} ms at least, and not for ${millis} to ${millis + check} ms`;
}
