import { z } from 'zod';
import { believed } from '../../judge/binomial.ts';
import { chancesOfEvery } from '../../judge/chances.ts';
import { HICCUPS, judgeLag, type LagVerdict, median } from '../../judge/lag.ts';
import { type Outcome, total } from '../../judge/outcome.ts';
import type { Reason } from '../../judge/reasons.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { askingFields, tally } from '../parts.ts';

/** What each request took, in milliseconds. */
const millis = z.array(z.number()).readonly();

export const toLagBehind = judge({
  input: z.object({
    ...askingFields,
    by: z.number(),
    status: z.number(),
    version: z.string().exactOptional(),
    millis,
    twin: z.object({ question: z.string(), asked: z.number(), tally, millis }),
  }),
  decide: ({ by, status, version, millis: times, twin, ...asking }) => {
    const fits = (outcome: Outcome) =>
      outcome.kind === 'answered' &&
      outcome.status === status &&
      (version === undefined || outcome.version === version);
    const verdict = judgeLag({ asked: asking.asked, tally: asking.tally, millis: times }, twin, by, fits);
    const answer = `${status}${version === undefined || version === '' ? '' : ` from ${version}`}`;
    const range = `${by === 0 ? 'no more than' : `${by} to`} ${Math.round(verdict.atMost)} ms`;
    const middle = median(times);
    return onSample(asking, {
      pass: verdict.pass,
      claim: claimOf(verdict, by, { asked: asking.asked, ofTwin: twin.asked, answer }),
      expected: `${answer}, the fastest ${range} later than its twin (${twin.question})`,
      versions: version === undefined || version === '' ? [] : [version],
      details: [
        `the fastest request took ${rounded(verdict.shortest)} ms, the twin's ${rounded(verdict.shortest - verdict.lag)} ms`,
        `the middle request took ${rounded(middle)} ms, the twin's ${rounded(middle - verdict.middleLag)} ms, at most ${rounded(verdict.middleAtMost)} ms more are believable`,
      ],
      surprising: verdict.others,
      ...restless(verdict, by, twin.asked),
    });
  },
  // What a delay does to a third of the requests: none of them may be early, and of those that nothing should hold up a tenth may be late.
  sure: ({ asked, by }) =>
    by > 0
      ? chancesOfEvery(asked, SOME)
      : { falseAlarm: 0, misses: [{ off: 'a third are held up', chance: believed(fewLate(asked), asked, SOME) }] },
});

const SOME = 1 / 3;
const fewLate = (asked: number) => ({ atLeast: 0, atMost: Math.floor(HICCUPS * asked) });

/** What is only later than it should be, while a good part of a restless twin is so too, says more of the machine than of the mesh. */
function restless(
  { pass, others, twinFailed, early, lag, twinLate, busy, scattered }: LagVerdict,
  by: number,
  asked: number,
): { readonly cause?: Reason } {
  const onlyLate = !pass && others.length === 0 && twinFailed === 0 && early === 0 && lag >= by / 2;
  if (!onlyLate || !(busy || scattered) || twinLate <= HICCUPS * asked) return {};
  const text = `the machine was too busy to tell: ${twinLate} of ${asked} requests of the twin were held up, too`;
  return { cause: { suspect: 'environment', text } };
}

function claimOf(
  { others, twinFailed, early, shortest, lag, atMost, middleLag, middleAtMost, late, twinLate, busy }: LagVerdict,
  by: number,
  { asked, ofTwin, answer }: { readonly asked: number; readonly ofTwin: number; readonly answer: string },
) {
  if (others.length > 0) return `${total(others)} of ${asked} requests did not come to ${answer}`;
  if (twinFailed > 0) return `there is nothing to compare with: ${twinFailed} of ${asked} requests of the twin failed`;
  if (early > 0)
    return `${early} of ${asked} requests were answered before ${by} ms had passed, the first after ${rounded(shortest)} ms`;
  if (twinLate > HICCUPS * ofTwin && !busy)
    return `there is nothing to compare with: ${twinLate} of ${ofTwin} requests of the twin were held up as well`;
  const least = by === 0 ? -Infinity : by / 2;
  const fits = (later: number, most: number) => later >= least && later <= most;
  if (!fits(lag, atMost)) return `even the fastest ${rounded(lag)} ms later than its twin, and not ${by} ms`;
  if (!fits(middleLag, middleAtMost))
    return `in the middle ${rounded(middleLag)} ms later than its twin, and not ${by} ms`;
  return `${late} of ${asked} requests were held up by more than ${rounded(middleAtMost)} ms, and not ${by} ms`;
}

function rounded(time: number): string {
  return time.toFixed(0);
}
