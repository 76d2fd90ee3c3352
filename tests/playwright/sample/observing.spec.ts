import { expect } from '../../../fixtures/expect.ts';
import type { Tally } from '../../../mesh/judge/outcome.ts';
import { failed, from, tallyOf } from '../../judge/samples.ts';
import { changed, hops, sent, trail, whole, without } from '../../trace/bookinfo-trace.ts';
import { answering, numbers, remembering } from './asked.ts';
import { keeping, proxyCounting, traced } from './observed.ts';
import { told } from './told.ts';

const page = tallyOf([1, from('v2')]);

const oneTrace = (spans = whole, footprints = trail, tally: Tally = page, lost: readonly [string, number][] = []) => {
  const { question, tracing } = traced(tally, spans, footprints, new Map(lost));
  return expect(question).toBeOneTrace({ in: tracing, hops, version: 'v2' });
};

told('toBeOneTrace: good', () => oneTrace(), '');
told(
  'toBeOneTrace: a service passes nothing on',
  () =>
    oneTrace(
      without(7, 8),
      new Map([...trail, ['ratings', [{ ...sent, traceId: 'c'.repeat(32), parentSpanId: '', sampled: '1' }]]]),
    ),
  /^outside to productpage with x-b3-traceid: \w{32}, x-b3-spanid: \w{16}: the chain breaks at reviews: ratings was asked under another trace id \(c{32}\), so that reviews did not pass the B3 headers on\n/,
);
told('toBeOneTrace: nothing came', () => oneTrace([]), /: there is no trace of the id that was sent\n/);
told(
  'toBeOneTrace: a parent that is another',
  () => oneTrace(changed(8, { parentId: '0000000000000005' })),
  /: the span of ratings has one of productpage as its parent, and not of reviews\n/,
);
told(
  'toBeOneTrace: an answer by another version',
  () => oneTrace(whole, trail, tallyOf([1, from('v1')])),
  /: the request was not answered by v2\n/,
);

/** A rule holds up for so long what reviews asks ratings, which takes 100 ms in this trace. */
const heldUp = (millis: number) => {
  const { question, tracing } = traced(page);
  const slow = { hop: ['reviews', 'ratings'], millis } as const;
  return expect(question).toBeOneTrace({ in: tracing, hops, version: 'v2', slow });
};

told('toBeOneTrace: good, and held up', () => heldUp(100));
told(
  'toBeOneTrace: nothing is held up',
  () => heldUp(1000),
  /^outside to productpage with x-b3-traceid: \w{32}, x-b3-spanid: \w{16}: the client span of reviews took 100\.0 ms, although reviews waits 1000 ms for ratings\n/,
);
told('toBeOneTrace: good, whatever was lost besides', () => oneTrace(whole, trail, page, [['ratings', 5]]), '');
told(
  'toBeOneTrace: spans that the collector did not take',
  () =>
    oneTrace(without(7, 8), trail, page, [
      ['reviews', 5],
      ['ratings', Infinity],
    ]),
  /^Handing spans over to Zipkin: reports failed or had no answer, and with them spans were lost: up to 5 of reviews, any number of ratings \[SPANS_LOST\]\n.*\n.*; the test itself says: outside to productpage with x-b3-traceid: \w{32}, x-b3-spanid: \w{16}: the chain breaks at reviews: ratings has no span in it/,
);
told(
  'toBeOneTrace: spans are missing of one that lost none',
  () => oneTrace(without(7, 8), trail, page, [['ratings', 5]]),
  /: the chain breaks at reviews: ratings has no span in it\n/,
);
told(
  'toBeOneTrace: the chain is broken, whatever was lost',
  () =>
    oneTrace(
      without(7, 8),
      new Map([...trail, ['ratings', [{ ...sent, traceId: 'c'.repeat(32), parentSpanId: '', sampled: '1' }]]]),
      page,
      [
        ['reviews', 5],
        ['ratings', 5],
      ],
    ),
  /: the chain breaks at reviews: ratings was asked under another trace id/,
);
told(
  'toBeOneTrace: an answer by another version, whatever was lost',
  () => oneTrace([], trail, tallyOf([1, from('v1')]), [['ingress', Infinity]]),
  /: the request was not answered by v2\n/,
);
told(
  'toBeOneTrace: misuse',
  () => {
    const { question, tracing } = traced(page);
    return expect(question).not.toBeOneTrace({ in: tracing, hops, version: 'v2' });
  },
  'Claiming toBeOneTrace: it has no opposite [MATCHER_MISUSED]\n  what to do: say with toBeSampled that no request is',
);

const sampled = (share: number, traces: number, requests: number, { wrong = 0, lost = 0, behind = 0 } = {}) => {
  const others = wrong === 0 ? [] : [[wrong, failed(503)] as const];
  const answers = tallyOf([requests - wrong, from('v1')], ...others);
  const kept = { in: keeping(traces, lost, behind), at: 'ingress.w0', behind: 'page.w0' };
  return expect(answering(answers)).toBeSampled(share, kept);
};

told('toBeSampled: good, all', () => sampled(100, 688, 688), '');
told('toBeSampled: good, none', () => sampled(0, 0, 688), '');
told('toBeSampled: good, half', () => sampled(50, 800, 1586), '');
told(
  'toBeSampled: one of none',
  () => sampled(0, 1, 688),
  'caller to nodebook: 1 of 688 requests (0.1 %) left a trace, and not 0 %: believable are 0',
);
told(
  'toBeSampled: none at the gateway, and a sidecar that traces all the same',
  () => sampled(0, 0, 688, { behind: 688 }),
  'caller to nodebook: 688 requests left a trace of page.w0 that has no part of ingress.w0',
);
told(
  'toBeSampled: all but one',
  () => sampled(100, 687, 688),
  'caller to nodebook: 687 of 688 requests (99.9 %) left a trace, and not 100 %: believable are 688',
);
told(
  'toBeSampled: sixty of a hundred',
  () => sampled(50, 952, 1586),
  'caller to nodebook: 952 of 1586 requests (60.0 %) left a trace, and not 50 %: believable are 696 to 890',
);
told('toBeSampled: good, whatever was lost besides', () => sampled(50, 800, 1586, { lost: 5 }), '');
told('toBeSampled: good, all, whatever was lost besides', () => sampled(100, 688, 688, { lost: 5 }), '');
told(
  'toBeSampled: as many are missing as the collector may not have taken',
  () => sampled(100, 683, 688, { lost: 5 }),
  `Handing spans over to Zipkin: reports failed or had no answer, and with them spans were lost: up to 5 of ingress [SPANS_LOST]
  expected: every report in which a proxy hands its spans over to be taken
  what to do: see whether Zipkin was up all the time, and the machine not too busy for it; the test itself says: caller to nodebook: 683 of 688 requests (99.3 %) left a trace, and not 100 %: believable are 688`,
);
told(
  'toBeSampled: more are missing than the collector may not have taken',
  () => sampled(100, 682, 688, { lost: 5 }),
  'caller to nodebook: 682 of 688 requests (99.1 %) left a trace, and not 100 %: believable are 688',
);
told(
  'toBeSampled: too many, whatever was lost',
  () => sampled(50, 952, 1586, { lost: 5 }),
  'caller to nodebook: 952 of 1586 requests (60.0 %) left a trace, and not 50 %: believable are 696 to 890',
);
told(
  'toBeSampled: answers that failed',
  () => sampled(50, 793, 1586, { wrong: 3 }),
  /^caller to nodebook: .*\n {2}so that: 3 of 1586 requests were not answered 200\n|3 of 1586 requests were not answered 200/,
);

const labels = { response_code: '200', source_principal: 'prober' };
const claimed = { source_principal: 'prober' };
const counted = (caller: number, server: number, arrived: number, serverSays: Record<string, string> = labels) =>
  expect(answering(tallyOf([66, from('v1')]))).toBeCounted({
    status: 200,
    labels: { source: claimed, destination: claimed },
    by: [proxyCounting('source', caller, labels), proxyCounting('destination', server, serverSays)],
    at: remembering('ratings v1', numbers(1, arrived)),
  });

told('toBeCounted: good', () => counted(66, 66, 66), '');
told(
  'toBeCounted: twice',
  () => counted(66, 132, 66),
  'caller to nodebook: by the proxy of ratings-1, istio_requests_total{reporter="destination", response_code="200", source_principal="prober"} grew by 132, and not by 66',
);
told(
  'toBeCounted: without a label',
  () => counted(66, 66, 66, { response_code: '200' }),
  'caller to nodebook: by the proxy of ratings-1, no istio_requests_total{reporter="destination", response_code="200", source_principal="prober"} has grown, and 66 were claimed: the nearest grew by 66, and its source_principal is missing, and not prober',
);
told(
  'toBeCounted: by nobody',
  () => counted(0, 66, 66),
  'caller to nodebook: by the proxy of prober-1, no istio_requests_total{reporter="source", response_code="200", source_principal="prober"} has grown, and 66 were claimed: no series has',
);
told(
  'toBeCounted: one that never arrived',
  () => counted(66, 66, 65),
  'caller to nodebook: the requests did not arrive once at ratings v1: 1 never, 65 once',
);
told(
  'toBeCounted: answers that failed',
  () =>
    expect(answering(tallyOf([63, from('v1')], [3, failed(503)]))).toBeCounted({
      status: 200,
      labels: { source: claimed },
      by: [proxyCounting('source', 63, labels)],
      at: remembering('ratings v1', numbers(1, 66)),
    }),
  /^caller to nodebook: .*3 of 66 requests were not answered 200|\n {2}so that: 3 of 66 requests were not answered 200\n/,
);

const done = 'productpage -> reviews';
const drawing = (...calls: readonly string[]) =>
  expect({ drawn: () => Promise.resolve(calls) }).toShowCalls([done, 'reviews -> ratings'], {
    never: ['ratings -> productpage'],
  });

told('toShowCalls: good', () => drawing(done, 'reviews -> ratings', 'unknown -> productpage'), '');
told(
  'toShowCalls: nothing',
  () => drawing(),
  [
    'the graph does not show productpage -> reviews',
    '  does not show reviews -> ratings',
    '  expected: productpage -> reviews, reviews -> ratings; and not ratings -> productpage',
    '  seen: no calls',
  ].join('\n'),
);
told('toShowCalls: one is missing', () => drawing(done), 'the graph does not show reviews -> ratings');
told(
  'toShowCalls: what nobody does',
  () => drawing(done, 'reviews -> ratings', 'ratings -> productpage'),
  'the graph shows ratings -> productpage, which nobody does',
);

const volume = 'Incoming Request Volume';
const rate = 'Incoming Success Rate (non-5xx responses)';
const panels = (volumeSays: string | undefined, rateSays = '100%') =>
  expect({
    title: 'Istio Workload Dashboard',
    read: () =>
      Promise.resolve(
        new Map([
          [volume, volumeSays],
          [rate, `${rate}\n${rateSays}`],
        ]),
      ),
  }).toShowData([volume, rate]);

told('toShowData: good', () => panels(`${volume}\n4.97 req/s`), '');
told(
  'toShowData: no data',
  () => panels(`${volume}\n4.97 req/s`, 'No data'),
  `Istio Workload Dashboard has no data in ${rate}`,
);
told(
  'toShowData: nothing at all',
  () => panels(`${volume}\n0 req/s`),
  `Istio Workload Dashboard has no data in ${volume}`,
);
told('toShowData: no such panel', () => panels(undefined), `Istio Workload Dashboard has no panel ${volume}`);
