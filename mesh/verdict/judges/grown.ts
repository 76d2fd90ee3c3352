import { z } from 'zod';
import { chancesOfEvery } from '../../judge/chances.ts';
import { type Claimed, flawsOfGrowth, REQUESTS } from '../../judge/counted.ts';
import type { Outcome } from '../../judge/outcome.ts';
import { judgeTries, timesInWords, triesInWords } from '../../judge/seen.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { labelsInWords, type Series } from '../../metrics/series.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { arrivals, askingFields, except, strayed } from '../parts.ts';

const labels = z.record(z.string(), z.string());
const reporter = z.enum(['source', 'destination']);
const counter = z.object({
  name: z.string(),
  reporters: z.array(reporter).readonly(),
  /** By how much each series has grown; those that have not are left out. */
  grown: z.array(z.object({ labels, value: z.number() })).readonly(),
});

export const toBeCounted = judge({
  input: z.object({
    ...askingFields,
    status: z.number(),
    /** What each side of a request calls it by. */
    labels: z.object({ source: labels.exactOptional(), destination: labels.exactOptional() }),
    counted: z.array(counter).readonly(),
    /** How often each request arrived at the server, and was to. */
    arrivals,
    arriving: z.number(),
    where: z.string(),
    leak: z.number(),
  }),
  decide: ({ status, labels: sides, counted, arrivals: seen, arriving, where, ...asking }) => {
    const { asked, tally } = asking;
    const fits = (outcome: Outcome) => isAnswered(outcome, status);
    const { pass: answered, others } = judgeOnly(tally, fits, asked);
    const arrived = judgeTries(seen, arriving);
    const flawsIn = (requests: number) =>
      counted.flatMap(({ name, reporters, grown }) =>
        flawsOfGrowth(grown, claimsOf(reporters, { status, asked: requests }, sides)).map(
          (flaw) => `by ${name}, ${flaw}`,
        ),
      );
    const flaws = [
      ...(answered ? [] : [`${others} of ${asked} requests were not answered ${status}`]),
      ...flawsIn(asked),
      ...(arrived.pass
        ? []
        : [`the requests did not arrive ${timesInWords(arriving)} at ${where}: ${triesInWords(arrived.histogram)}`]),
    ];
    const claimed = Object.entries(sides).map(([side, all]) => `${side} ${labelsInWords(all)}`);
    return onSample(asking, {
      pass: flaws.length === 0,
      claim: flaws[0] ?? '',
      expected: `${REQUESTS} grows by ${asked}: ${claimed.join(', ')}`,
      details: [...flaws.slice(1), ...counted.map(({ name, grown }) => `by ${name}: ${growthInWords(grown)}`)],
      surprising: except(tally, fits),
      alsoAmiss: strayed(seen, arriving, fits) || [asked, asked - others].every((each) => flawsIn(each).length > 0),
    });
  },
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});

function claimsOf(
  reporters: readonly z.infer<typeof reporter>[],
  { status, asked }: { readonly status: number; readonly asked: number },
  sides: Readonly<Partial<Record<z.infer<typeof reporter>, z.infer<typeof labels>>>>,
): readonly Claimed[] {
  return reporters.flatMap((side) => {
    const own = sides[side];
    return own === undefined ? [] : [{ labels: { reporter: side, response_code: `${status}`, ...own }, by: asked }];
  });
}

function growthInWords(grown: readonly Series[]): string {
  return grown.length === 0
    ? 'nothing has grown'
    : grown.map(({ labels: all, value }) => `${value} more of ${labelsInWords(all)}`).join('; ');
}

function isAnswered(outcome: Outcome, status: number): boolean {
  return outcome.kind === 'answered' && outcome.status === status;
}
