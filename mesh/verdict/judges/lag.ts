import { z } from 'zod';
import { believed } from '../../judge/binomial.ts';
import { chancesOfEvery } from '../../judge/chances.ts';
import { HICCUPS, judgeLag, type LagVerdict, median } from '../../judge/lag.ts';
import { isServed, type Outcome, type Tally, total } from '../../judge/outcome.ts';
import { excuseFor, type Reason } from '../../judge/reasons.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { askingFields, except, tally } from '../parts.ts';

/** What each request took, in milliseconds. */
const millis = z.array(z.number()).readonly();

export const toLagBehind = judge({
  input: z.object({
    ...askingFields,
    by: z.number(),
    status: z.number(),
    version: z.string().exactOptional(),
    asksAgain: z.number().exactOptional(),
    programs: z.number().exactOptional(),
    millis,
    twin: z.object({ question: z.string(), asked: z.number(), tally, millis, behind: z.number().exactOptional() }),
  }),
  decide: ({ by, status, version, asksAgain, programs = 1, millis: times, twin, ...asking }) => {
    const fits = (outcome: Outcome) =>
      outcome.kind === 'answered' &&
      outcome.status === status &&
      (version === undefined || outcome.version === version);
    const races = (outcome: Outcome) =>
      outcome.kind === 'answered' &&
      (outcome.status === 504 || (outcome.status === 200 && (status === 504 || outcome.version === '')));
    const { asked, tally } = asking;
    const verdict = judgeLag({ asked, tally, millis: times, asksAgain, programs }, twin, by, fits, races);
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
        `the twin was held up for ${rounded(verdict.stood)} ms at the most`,
      ],
      surprising: verdict.others,
      alsoAmiss: verdict.early > total(verdict.others) || verdict.lag > verdict.atMost,
      ...excused(verdict, by, twin, programs),
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

/**
 * A twin that could not be asked says nothing of the mesh. What is only later than it should be, while the twin was held up too, says more of the machine
 * than of the mesh.
 */
function excused(
  { pass, others, early, lag, twinFailed, twinLate, busy, scattered, stood, standstill, asLate }: LagVerdict,
  by: number,
  twin: { readonly question: string; readonly asked: number; readonly tally: Tally },
  programs: number,
): { readonly cause?: Reason } {
  if (pass || early > 0) return {};
  if (twinFailed > 0 && others.length === 0) {
    const cause = asLate ? excuseFor(except(twin.tally, isServed), twin.question) : undefined;
    return cause === undefined ? {} : { cause };
  }
  if (twinFailed > 0 || (by > 0 && lag < by / 2)) return {};
  const tooBusy = (seen: string) =>
    ({ cause: { suspect: 'environment', text: `the machine was too busy to tell: ${seen}` } }) as const;
  if (others.length === 0 && (busy || scattered) && twinLate > HICCUPS * twin.asked)
    return tooBusy(`${twinLate} of ${twin.asked} requests of the twin were held up, too`);
  const longer = programs === 1 ? '' : `, and the way is ${programs} programs long`;
  return standstill ? tooBusy(`it stood still for ${rounded(stood)} ms, as the twin shows${longer}`) : {};
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
