import { z } from 'zod';
import { type BreakerVerdict, type Books, excess, judgeBreaker, type Refusals } from '../../judge/breaker.ts';
import { chancesOfEvery } from '../../judge/chances.ts';
import { type Outcome, served, total } from '../../judge/outcome.ts';
import { judgeTries, timesInWords, triesInWords } from '../../judge/seen.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { isWritten, linesInWords, type Lines } from '../../judge/written.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { arrivals, askingFields, except, lines, strayed } from '../parts.ts';

export const toBeTried = judge({
  input: z.object({
    ...askingFields,
    times: z.number(),
    status: z.number(),
    where: z.string(),
    arrivals,
    leak: z.number(),
  }),
  decide: ({ times, status, where, arrivals: seen, ...asking }) => {
    const fits = (outcome: Outcome) => outcome.kind === 'answered' && outcome.status === status;
    const only = judgeOnly(asking.tally, fits, asking.asked);
    const { pass, histogram } = judgeTries(seen, times);
    return onSample(asking, {
      pass: only.pass && pass,
      claim: pass
        ? `${only.others} of ${only.requests} requests did not come to ${status}`
        : `requests were not tried ${timesInWords(times)} at ${where}: ${triesInWords(histogram)}`,
      expected: `every request ${timesInWords(times)} at ${where}, and ${status} in the end`,
      details: [`arrived at ${where}: ${triesInWords(histogram)}`],
      surprising: except(asking.tally, fits),
      alsoAmiss: strayed(seen, times, fits),
    });
  },
  sure: ({ asked, leak }) => chancesOfEvery(asked, leak),
});

export const toKnockInVain = judge({
  input: z.object({ ...askingFields, times: z.number(), host: z.string(), before: z.number(), after: z.number() }),
  decide: ({ times, host, before, after, ...asking }) => {
    const { asked, tally } = asking;
    const fits = (outcome: Outcome) => outcome.kind === 'answered' && outcome.status === 503;
    const { pass: only, others } = judgeOnly(tally, fits, asked);
    const [knocks, wanted] = [after - before, times * asked];
    return onSample(asking, {
      pass: only && knocks === wanted,
      claim: only
        ? `${asked} requests made ${knocks} connections to ${host}, and not ${wanted}`
        : `${others} of ${asked} requests did not come to 503`,
      expected: `503 after ${timesInWords(times)} trying to connect to ${host}, ${wanted} connections in all`,
      surprising: except(tally, fits),
      alsoAmiss: knocks > wanted || knocks < wanted - times * others,
    });
  },
});

const counts = z.object({ overflows: z.number(), served: z.number() });
const crowd = { connections: z.number(), waiting: z.number() };

export const toOverflow = judge({
  input: z.object({
    ...askingFields,
    refusals: z.union([z.literal('none'), z.literal('some'), z.number()]),
    version: z.string(),
    at: z.string(),
    /** What the caller's proxy and the back end had counted. */
    before: counts,
    after: counts,
    /** What the proxy may hold, what it held at each look under load, and how many connections it opened meanwhile. */
    watched: z
      .object({
        limit: z.object({ ...crowd, requestsEach: z.number() }),
        looks: z.array(z.object(crowd)).readonly(),
        opened: z.number(),
      })
      .exactOptional(),
    /** The proxy's log, where the requests are few enough. */
    lines: lines.exactOptional(),
  }),
  decide: ({ refusals, version, at, before, after, watched, lines: logged, ...asking }) => {
    const books = {
      sent: asking.asked,
      tally: asking.tally,
      overflows: after.overflows - before.overflows,
      served: after.served - before.served,
    };
    const verdict = judgeBreaker(books, version, refusals);
    const beyond =
      watched === undefined ? '' : excess(watched.looks, { ...watched, served: books.served }, watched.limit);
    const wanted = [
      { status: 503, flag: 'UO', times: verdict.refused },
      { status: 200, times: verdict.answered },
    ];
    return onSample(asking, {
      pass: verdict.pass && (logged === undefined || isWritten(logged, wanted)) && beyond === '',
      claim: verdict.pass && beyond !== '' ? beyond : claimOf(verdict, books, refusals, at, logged ?? []),
      expected: `${inWords(refusals)} turned away; caller, proxy and ${at} agree on the numbers`,
      versions: [version],
      details: [
        `the caller was told: ${verdict.answered} served, ${verdict.refused} turned away`,
        `its proxy counted ${books.overflows} overflows, ${at} served ${books.served}`,
        ...(logged === undefined ? [] : [`its proxy's log: ${linesInWords(logged)}`]),
        ...(watched === undefined
          ? []
          : [`its proxy opened ${watched.opened} connections, and was looked at ${watched.looks.length} times`]),
      ],
      surprising: refusals === 'none' ? except(asking.tally, (one) => served(one, version)) : verdict.others,
      alsoAmiss: beyond !== '' || isBreakerAmiss(verdict, books, refusals),
    });
  },
});

/** Even if all that were neither served nor turned away had been either. */
function isBreakerAmiss({ refused, answered, others }: BreakerVerdict, books: Books, refusals: Refusals): boolean {
  if (refused !== books.overflows || answered !== books.served) return true;
  if (refusals === 'some') return refused === 0 && answered > 0;
  const wanted = refusals === 'none' ? 0 : refusals;
  return refused > wanted || refused + total(others) < wanted;
}

function claimOf(
  { refused, answered, others, asClaimed }: BreakerVerdict,
  { sent, overflows, served }: Books,
  refusals: Refusals,
  at: string,
  logged: readonly Lines[],
): string {
  if (others.length > 0) return `${total(others)} of ${sent} requests were neither served nor turned away for a limit`;
  if (!asClaimed) return `${refused} of ${sent} requests were turned away for a limit, and not ${inWords(refusals)}`;
  if (refused !== overflows)
    return `${refused} requests were turned away, but the proxy counted ${overflows} overflows`;
  if (answered !== served) return `${answered} requests were answered, but ${at} served ${served}`;
  if (answered === 0) return 'not a single request was served';
  return `the proxy's log does not say the same: ${linesInWords(logged)}`;
}

function inWords(refusals: Refusals): string {
  return typeof refusals === 'number' ? `exactly ${refusals}` : refusals;
}
