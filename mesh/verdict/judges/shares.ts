import { z } from 'zod';
import { type AbortVerdict, isFault, judgeAbort } from '../../judge/abort.ts';
import { chancesOfEvery, chancesOfShare } from '../../judge/chances.ts';
import { isServed, type Outcome, served, total } from '../../judge/outcome.ts';
import { type Branch, chancesOfSplit, judgeSplit, sharesInWords } from '../../judge/split.ts';
import { isWritten, linesInWords } from '../../judge/written.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { arrivals, askingFields, except, lines, strayed } from '../parts.ts';

/** The smallest shift, in points, that must be noticed. */
const tellApart = z.number();

export const toSplitTraffic = judge({
  input: z.object({ ...askingFields, shares: z.record(z.string(), z.number()), tellApart }),
  decide: ({ shares, ...asking }) => {
    const { pass, branches, off, strangers, requests } = judgeSplit(asking.tally, shares, asking.asked);
    const lost = strangers === 0 ? [] : [`${strangers} of ${requests} requests were served by none of them`];
    const sure = off.length === 0 ? [] : ['a right mesh shows this less than once in 1,000,000 runs'];
    const claim = `not split ${sharesInWords(shares)}: ${[...off.map((branch) => astray(branch, requests)), ...lost, ...sure].join('; ')}`;
    const believable = branches.map(({ version, atLeast, atMost }) => `${version} ${atLeast} to ${atMost}`).join(', ');
    return onSample(asking, {
      pass,
      claim,
      expected: `${believable} of ${requests}`,
      versions: Object.keys(shares),
      // Even if those that are lost had all been its.
      alsoAmiss: off.some(({ seen, atLeast, atMost }) => seen > atMost || seen + strangers < atLeast),
      surprising: except(asking.tally, (one: Outcome) => Object.keys(shares).some((version) => served(one, version))),
    });
  },
  sure: ({ tally, shares, asked, tellApart: points }) => chancesOfSplit(judgeSplit(tally, shares, asked), points),
});

function astray({ version, seen, atLeast, atMost }: Branch, requests: number): string {
  return `${version} served ${seen} of ${requests} (${((100 * seen) / requests).toFixed(1)} %), believable are ${atLeast} to ${atMost}`;
}

export const toBeAborted = judge({
  input: z.object({
    ...askingFields,
    status: z.number(),
    /** In per cent. */
    share: z.number(),
    tellApart,
    /** At the back ends that the request could have reached. */
    arrivals,
    where: z.string(),
    /** The proxy that should abort, and what its log says. */
    proxy: z.string(),
    lines,
  }),
  decide: ({ status, share, arrivals: seen, where, proxy, lines: logged, ...asking }) => {
    const { asked, tally } = asking;
    const verdict = judgeAbort(seen, tally, asked, { share, status });
    const { atLeast, atMost, aborted, others } = verdict;
    const written = isWritten(logged, [
      { status, flag: 'FI', times: aborted },
      { status: 200, times: asked - aborted },
    ]);
    const believable = atLeast === atMost ? `${atLeast}` : `${atLeast} to ${atMost}`;
    const ids = seen.each.reduce((sum, { times, requests }) => sum + (times > 0 ? requests : 0), seen.strangers);
    return onSample(asking, {
      pass: verdict.pass && written,
      claim: verdict.pass
        ? `the caller's proxy did not write down ${aborted} times FI: ${linesInWords(logged)}`
        : abortClaim(verdict, share, status, asked, where),
      expected: `${believable} of ${asked} aborted with ${status} and not seen by ${where}, the rest served once`,
      details: [`aborted: ${aborted}; seen by ${where}: ${ids} ids`, `the log of ${proxy}: ${linesInWords(logged)}`],
      // The fault that was asked for is no cause, whatever its status.
      surprising: except(others, isFault),
      alsoAmiss: isAbortAmiss(verdict) || strayed(seen, 1, isServed),
    });
  },
  sure: ({ asked, share, status, tally, arrivals: seen, tellApart: points }) =>
    share === 100
      ? chancesOfEvery(asked, points / 100)
      : chancesOfShare('aborted', judgeAbort(seen, tally, asked, { share, status }), asked, {
          share: share / 100,
          shift: points / 100,
        }),
});

/** Even if all that were neither aborted nor served had been either. */
function isAbortAmiss({ aborted, others, leaked, strangers, atLeast, atMost }: AbortVerdict): boolean {
  const [faults, unknown] = [total(others.filter(({ outcome }) => isFault(outcome))), total(except(others, isFault))];
  return leaked + strangers + faults > 0 || aborted > atMost || aborted + unknown < atLeast;
}

function abortClaim(
  { aborted, others, leaked, astray: lost, strangers, atLeast, atMost }: AbortVerdict,
  share: number,
  status: number,
  asked: number,
  where: string,
): string {
  if (others.length > 0 && except(others, isFault).length === 0)
    return `${total(others)} of ${asked} requests were aborted, and not with ${status}`;
  if (others.length > 0) return `${total(others)} of ${asked} requests were neither aborted with ${status} nor served`;
  if (leaked > 0) return `${leaked} aborted requests reached ${where} all the same`;
  if (aborted < atLeast || aborted > atMost) {
    const seen = `${aborted} of ${asked} requests (${((100 * aborted) / asked).toFixed(1)} %)`;
    return `${seen} were aborted with ${status}, and not ${share} %`;
  }
  if (lost > 0) return `${lost} requests that were let through did not arrive exactly once at ${where}`;
  return `${strangers} requests arrived at ${where} that nobody sent`;
}
