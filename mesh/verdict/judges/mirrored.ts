import { z } from 'zod';
import { chancesOfEvery, chancesOfShare } from '../../judge/chances.ts';
import { judgeMirror, type MirrorVerdict } from '../../judge/mirror.ts';
import { type Outcome, served } from '../../judge/outcome.ts';
import { judgeTries, triesInWords } from '../../judge/seen.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { arrivals, askingFields, except, strayed } from '../parts.ts';

export const toBeMirrored = judge({
  input: z.object({
    ...askingFields,
    version: z.string(),
    /** In per cent. */
    share: z.number(),
    /** The smallest shift, in points, that must be noticed. */
    tellApart: z.number(),
    from: z.string(),
    originals: arrivals,
    to: z.string(),
    /** What had arrived when nothing more came for a second. */
    copies: arrivals,
  }),
  decide: ({ version, share, from, originals, to, copies, ...asking }) => {
    const { asked, tally } = asking;
    const fits = (outcome: Outcome) => served(outcome, version);
    const only = judgeOnly(tally, fits, asked);
    const { pass: arrived, histogram } = judgeTries(originals, 1);
    const mirrored = judgeMirror(copies, share);
    const { atLeast, atMost } = mirrored;
    const believable = atLeast === atMost ? `${atLeast}` : `${atLeast} to ${atMost}`;
    const claim =
      only.others > 0
        ? `${only.others} of ${asked} requests were not served by ${version}`
        : arrived
          ? mirrorClaim(mirrored, to, asked, share)
          : `requests did not arrive once at ${from}: ${triesInWords(histogram)}`;
    return onSample(asking, {
      pass: only.pass && arrived && mirrored.pass,
      claim,
      expected: `only ${version}, each once, and ${believable} of ${asked} at ${to}, each once, then nothing for a second`,
      versions: [version],
      details: [`copied to ${to}: ${mirrored.copied}; at ${from}: ${triesInWords(histogram)}`],
      surprising: except(tally, fits),
      alsoAmiss:
        strayed(originals, 1, fits) ||
        mirrored.repeated + mirrored.strangers > 0 ||
        mirrored.copied > atMost ||
        mirrored.copied + only.others < atLeast,
    });
  },
  sure: ({ asked, share, copies, tellApart }) =>
    share === 0 || share === 100
      ? chancesOfEvery(asked, tellApart / 100)
      : chancesOfShare('copied', judgeMirror(copies, share), asked, { share: share / 100, shift: tellApart / 100 }),
});

function mirrorClaim({ copied, repeated, strangers }: MirrorVerdict, to: string, asked: number, share: number): string {
  if (repeated > 0) return `${repeated} requests arrived more than once at ${to}`;
  if (strangers > 0) return `${strangers} copies arrived at ${to} of requests that nobody sent`;
  const seen = share === 0 || share === 100 ? '' : ` (${((100 * copied) / asked).toFixed(1)} %)`;
  return `${copied} of ${asked} requests${seen} were copied to ${to}, and not ${share} %`;
}
