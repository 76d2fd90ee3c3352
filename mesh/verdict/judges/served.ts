import { z } from 'zod';
import { chancesOfEvery, chancesOfHearing } from '../../judge/chances.ts';
import { countWhere, type Outcome, refusals, served } from '../../judge/outcome.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { askingFields, except, words } from '../parts.ts';

/** A share of exceptions that must not slip through, 0 to 1: it decided how often was asked. */
const leak = z.number();

export const toServeOnly = judge({
  input: z.object({ ...askingFields, version: z.string(), leak }),
  decide: ({ version, ...asking }) => {
    const fits = (outcome: Outcome) => served(outcome, version);
    const { pass, others, requests } = judgeOnly(asking.tally, fits, asking.asked);
    const claim = `${others} of ${requests} requests were not served by ${version}`;
    const surprising = except(asking.tally, fits);
    return onSample(asking, { pass, claim, expected: `only ${version}`, versions: [version], surprising });
  },
  sure: ({ asked, leak: share }) => chancesOfEvery(asked, share),
});

export const toAnswer = judge({
  input: z.object({
    ...askingFields,
    status: z.number(),
    by: z.string().exactOptional(),
    version: z.string().exactOptional(),
    detail: z.string().exactOptional(),
    leak,
  }),
  decide: ({ status, by, version, detail, ...asking }) => {
    const fits = (outcome: Outcome) =>
      outcome.kind === 'answered' &&
      outcome.status === status &&
      (by === undefined || outcome.server === by) &&
      (version === undefined || outcome.version === version) &&
      (detail === undefined || outcome.detail === detail);
    const { pass, others } = judgeOnly(asking.tally, fits, asking.asked);
    const said = detail === undefined ? '' : detail === '' ? ', without a word' : `, saying "${detail}"`;
    const source = version === '' ? ' and no version' : version === undefined ? '' : ` from ${version}`;
    const expected = `only ${status}${source}${by === undefined ? '' : `, by ${by}`}${said}`;
    const claim = `${others} of ${asking.asked} requests did not come to ${expected.replace('only ', '')}`;
    const versions = version === undefined || version === '' ? [] : [version];
    return onSample(asking, { pass, claim, expected, versions, surprising: except(asking.tally, fits) });
  },
  sure: ({ asked, leak: share }) => chancesOfEvery(asked, share),
});

export const toBeRefused = judge({
  input: z.object({ ...askingFields, reasons: z.array(z.enum(refusals)).readonly(), leak }),
  decide: ({ reasons, ...asking }) => {
    const fits = (one: Outcome) => one.kind === 'refused' && reasons.includes(one.reason);
    const { pass, others } = judgeOnly(asking.tally, fits, asking.asked);
    const expected = `only refusals: ${reasons.join(' or ')}`;
    const claim = `${others} of ${asking.asked} requests were not refused with ${reasons.join(' or ')}`;
    return onSample(asking, { pass, claim, expected, surprising: except(asking.tally, fits) });
  },
  sure: ({ asked, leak: share }) => chancesOfEvery(asked, share),
});

export const toHearFromAll = judge({
  input: z.object({
    ...askingFields,
    versions: words,
    /** Per cent of each; evenly, as a proxy spreads without a rule, where none are said. */
    shares: z.array(z.number()).readonly().exactOptional(),
    leak,
  }),
  decide: ({ versions, ...asking }) => {
    const { tally, asked } = asking;
    const fits = (outcome: Outcome) => versions.some((version) => served(outcome, version));
    const anyOf = judgeOnly(tally, fits, asked);
    const silent = versions.filter((version) => countWhere(tally, (outcome) => served(outcome, version)) === 0);
    const claim =
      silent.length > 0
        ? `nothing was heard from ${silent.join(', ')}`
        : `${anyOf.others} of ${asked} were served by none of them`;
    const pass = anyOf.pass && silent.length === 0;
    return onSample(asking, {
      pass,
      claim,
      expected: `answers from ${versions.join(' and ')}`,
      versions: silent,
      surprising: except(tally, fits),
      alsoAmiss: silent.length > 0 && anyOf.others <= asked / 2,
    });
  },
  sure: ({ asked, versions, shares = versions.map(() => 100 / versions.length), leak: share }) => ({
    ...chancesOfEvery(asked, share),
    falseAlarm: chancesOfHearing(
      asked,
      shares.map((percent) => percent / 100),
    ),
  }),
});
