import { z } from 'zod';
import { chancesOfEvery, chancesOfShare } from '../../judge/chances.ts';
import { isServed, type Outcome, served } from '../../judge/outcome.ts';
import { judgeSampled } from '../../judge/sampled.ts';
import { judgeOnly } from '../../judge/serve-only.ts';
import { CLOCK_TOLERANCE_MILLIS, flawsOfTree, treeInWords } from '../../judge/trace-tree.ts';
import { judge } from '../judge.ts';
import { onSample } from '../on-sample.ts';
import { askingFields, except } from '../parts.ts';

const id = z.string();
const span = z.object({
  traceId: id,
  id,
  parentId: id,
  service: z.string(),
  kind: z.enum(['client', 'server', 'unknown']),
  start: z.number(),
  micros: z.number(),
});
const footprint = z.object({ traceId: id, spanId: id, parentSpanId: id, sampled: z.string() });

export const toBeOneTrace = judge({
  input: z.object({
    ...askingFields,
    version: z.string(),
    hops: z.array(z.tuple([z.string(), z.string()]).readonly()).readonly(),
    sent: z.object({ traceId: id, spanId: id }),
    backEnd: z.string(),
    spans: z.array(span).readonly(),
    /** What each app was told, by its name. */
    trail: z.record(z.string(), z.array(footprint).readonly()),
    /** A call that a rule holds up, and for how many milliseconds. */
    slow: z.object({ hop: z.tuple([z.string(), z.string()]).readonly(), millis: z.number() }).exactOptional(),
  }),
  decide: ({ version, hops, sent, backEnd, spans, trail, slow, ...asking }) => {
    const fits = (outcome: Outcome) => served(outcome, version);
    const { pass: answered } = judgeOnly(asking.tally, fits, 1);
    const flaws = flawsOfTree(spans, sent, hops, new Map(Object.entries(trail)), slow);
    return onSample(asking, {
      pass: answered && flaws.length === 0,
      claim: answered ? (flaws[0] ?? '') : `the request was not answered by ${version}`,
      expected: `one trace: ${hops.map(([from, to]) => `${from} asks ${to}`).join(', ')}; spans within their parents' time, give or take ${CLOCK_TOLERANCE_MILLIS} ms`,
      details: [...flaws.slice(1), `${backEnd} has ${spans.length} spans of it:`, ...treeInWords(spans)],
      surprising: except(asking.tally, fits),
    });
  },
});

export const toBeSampled = judge({
  input: z.object({
    ...askingFields,
    /** In per cent. */
    share: z.number(),
    /** The smallest shift, in points, that must be noticed. */
    tellApart: z.number(),
    /** How many traces the back end has, of whom, by which user agent. */
    traces: z.number(),
    backEnd: z.string(),
    at: z.string(),
    agent: z.string(),
    /** How many more whoever comes next left alone, and who that is. */
    besides: z.number().exactOptional(),
    behind: z.string().exactOptional(),
  }),
  decide: ({ share, traces, backEnd, at, agent, besides = 0, behind = '', ...asking }) => {
    const { asked, tally } = asking;
    const { pass, atLeast, atMost } = judgeSampled(traces, asked, share);
    const { pass: answered, others } = judgeOnly(tally, isServed, asked);
    const believable = atLeast === atMost ? `${atLeast}` : `${atLeast} to ${atMost}`;
    const seen = `${traces} of ${asked} requests (${((100 * traces) / asked).toFixed(1)} %) left a trace`;
    const own = besides === 0 ? '' : `${besides} requests left a trace of ${behind} that has no part of ${at}`;
    return onSample(asking, {
      pass: answered && pass && besides === 0,
      claim: answered
        ? own || `${seen}, and not ${share} %: believable are ${believable}`
        : `${others} of ${asked} requests were not answered 200`,
      expected: `${believable} of ${asked} requests traced`,
      details: [`${backEnd} has ${traces} traces of ${at} with user_agent ${agent}`],
      surprising: except(tally, isServed),
      alsoAmiss: besides > 0 || traces > atMost || traces + others < atLeast,
    });
  },
  sure: ({ asked, share, tellApart, traces }) =>
    share === 0 || share === 100
      ? chancesOfEvery(asked, tellApart / 100)
      : chancesOfShare('traced', judgeSampled(traces, asked, share), asked, {
          share: share / 100,
          shift: tellApart / 100,
        }),
});
