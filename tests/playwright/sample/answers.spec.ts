import { test } from '@playwright/test';
import { expect } from '../../../fixtures/expect.ts';
import type { Outcome } from '../../../mesh/judge/outcome.ts';
import { failed, from, nobody, noEndpoint, reset, silent, tallyOf } from '../../judge/samples.ts';
import { answering } from './asked.ts';
import { asked, told } from './told.ts';

const from4 = answering(tallyOf([135, from('v4')]));
const oneOther = answering(tallyOf([134, from('v4')], [1, from('v3')]));

test('a red verdict fails its test', async () => {
  await expect(oneOther).toServeOnly('v4');
});

told('toServeOnly: good', () => expect(from4).toServeOnly('v4'));
told(
  'toServeOnly: one other',
  () => expect(oneOther).toServeOnly('v4'),
  `caller to nodebook: 1 of 135 requests were not served by v4
  expected: only v4
  seen: 134 x 200 from v4, 1 x 200 from v3
${asked(135)}`,
);
told(
  'toServeOnly: scaled to zero',
  () => expect(answering(tallyOf([135, noEndpoint]), { v4: { wanted: 0, ready: 0 } })).toServeOnly('v4'),
  `caller to nodebook: subset v4 of nodebook has no ready pod (deployment nodebook-v4: 0 of 0 replicas ready) [suspect: the environment]
  so that: 135 of 135 requests were not served by v4
  expected: only v4
  seen: 135 x 503 "no healthy upstream"
${asked(135)}`,
);
told(
  'toServeOnly: one without an account',
  () => expect(answering(tallyOf([134, from('v4')]))).toServeOnly('v4'),
  'caller to nodebook: requests were sent of which the prober gave no account [suspect: the harness]',
);
told(
  'toServeOnly: nobody answers, and the rest is not sent',
  () => expect(answering(tallyOf([31, silent]), { gaveUpAt: 31 })).toServeOnly('v4'),
  `caller to nodebook: 31 of 31 requests were not served by v4
  expected: only v4
  seen: 31 x no answer in time
  asked once: 31 requests in 0.4 s; 104 more were not sent, since too many had no answer in time, or all took too long`,
);
told(
  'toServeOnly: all that was sent is right, and took too long',
  () => expect(answering(tallyOf([31, from('v4')]), { gaveUpAt: 31 })).toServeOnly('v4'),
  'caller to nodebook: 31 of 135 requests took 0.4 s, and the others were not sent',
);
told(
  'toServeOnly: misuse',
  () => expect(from4).not.toServeOnly('v4'),
  'Claiming toServeOnly: it has no opposite [MATCHER_MISUSED]\n  what to do: say which version serves instead',
);

const half = { v1: 50, v2: 50 };
const split = (one: number, two: number) => answering(tallyOf([one, from('v1')], [two, from('v2')]));

told('toSplitTraffic: good', () => expect(split(780, 806)).toSplitTraffic(half));
told(
  'toSplitTraffic: 60 to 40',
  () => expect(split(952, 634)).toSplitTraffic(half),
  `caller to nodebook: not split v1 50 %, v2 50 %: v1 served 952 of 1586 (60.0 %), believable are 696 to 890; v2 served 634 of 1586 (40.0 %), believable are 696 to 890; a right mesh shows this less than once in 1,000,000 runs
  expected: v1 696 to 890, v2 696 to 890 of 1586
  seen: 952 x 200 from v1, 634 x 200 from v2
${asked(1586)}`,
);
told(
  'toSplitTraffic: one beyond what is believable',
  () => expect(split(891, 695)).toSplitTraffic(half),
  /^caller to nodebook: not split v1 50 %, v2 50 %: v1 served 891 of 1586 \(56.2 %\), believable are 696 to 890;/,
);
told(
  'toSplitTraffic: one lost',
  () => expect(answering(tallyOf([793, from('v1')], [792, from('v2')], [1, reset]))).toSplitTraffic(half),
  'caller to nodebook: not split v1 50 %, v2 50 %: 1 of 1586 requests were served by none of them',
);
told(
  'toSplitTraffic: one by a third',
  () => expect(answering(tallyOf([793, from('v1')], [792, from('v2')], [1, from('v3')]))).toSplitTraffic(half),
  'caller to nodebook: not split v1 50 %, v2 50 %: 1 of 1586 requests were served by none of them',
);
told(
  'toSplitTraffic: misuse',
  () => expect(from4).toSplitTraffic({ v1: 50, v2: 60 }),
  'A split has two or more branches that make 100 %; seen: v1 50 %, v2 60 %.',
);

const byGateway = { by: 'istio-envoy', version: '' };
const notFound = failed(404, '', 'istio-envoy');

told('toAnswer: good', () => expect(answering(tallyOf([66, notFound]))).toAnswer(404, byGateway));
told(
  'toAnswer: by another',
  () => expect(answering(tallyOf([66, failed(404, 'Not Found', 'nodebook')]))).toAnswer(404, byGateway),
  `caller to nodebook: 66 of 66 requests did not come to 404 and no version, by istio-envoy
  expected: only 404 and no version, by istio-envoy
  seen: 66 x 404 "Not Found"
${asked(66)}`,
);
told(
  'toAnswer: once with another status',
  () => expect(answering(tallyOf([65, failed(404, 'x')], [1, failed(410, 'x')]))).toAnswer(404),
  'caller to nodebook: 1 of 66 requests did not come to 404',
);
told(
  'toAnswer: what was to come is no cause of what came besides',
  () => expect(answering(tallyOf([63, notFound], [3, from('v3')]))).toAnswer(404, byGateway),
  'caller to nodebook: 3 of 66 requests did not come to 404 and no version, by istio-envoy',
);
told(
  'toAnswer: by a version',
  () => expect(answering(tallyOf([66, { ...from('v3'), server: 'istio-envoy' }]))).toAnswer(200, byGateway),
  'caller to nodebook: 66 of 66 requests did not come to 200 and no version, by istio-envoy',
);
told(
  'toAnswer: an app that found nothing, behind the gateway',
  () =>
    expect(answering(tallyOf([66, failed(404, 'Not Found', 'istio-envoy')]))).toAnswer(404, {
      ...byGateway,
      detail: '',
    }),
  'caller to nodebook: 66 of 66 requests did not come to 404 and no version, by istio-envoy, without a word',
);

const closed = { ...reset, reason: 'closed' } as const;

told('toBeRefused: good', () => expect(answering(tallyOf([60, reset], [6, closed]))).toBeRefused('reset', 'closed'));
told(
  'toBeRefused: for another reason',
  () => expect(answering(tallyOf([66, nobody]))).toBeRefused('reset'),
  `caller to nodebook: nothing listens on that port: no Gateway opens it on that proxy [suspect: the rule]
  so that: 66 of 66 requests were not refused with reset
  expected: only refusals: reset
  seen: 66 x refused: nothing listens there
${asked(66)}`,
);
told(
  'toBeRefused: answered once',
  () => expect(answering(tallyOf([65, reset], [1, from('v3')]))).toBeRefused('reset'),
  'caller to nodebook: 1 of 66 requests were not refused with reset',
);
told(
  'toBeRefused: answered with a refusal',
  () => expect(answering(tallyOf([66, failed(403, 'RBAC: access denied')]))).toBeRefused('reset', 'closed'),
  'caller to nodebook: 66 of 66 requests were not refused with reset or closed',
);

told(
  'toBeRefused: what was to come is no cause of what came besides',
  () => expect(answering(tallyOf([65, nobody], [1, from('v3')]))).toBeRefused('no-listener'),
  'caller to nodebook: 1 of 66 requests were not refused with no-listener',
);

const handOver = { from: 'v3', to: 'v4' };
const flowing = (...counts: readonly (readonly [number, Outcome])[]) => answering(tallyOf(...counts)).keepAsking();

told('toHandOver: good', async () => {
  await expect(await flowing([10, from('v3')], [10, from('v4')])).toHandOver(handOver);
});
told(
  'toHandOver: with a loss',
  async () => {
    await expect(await flowing([10, from('v3')], [2, failed(503)], [10, from('v4')])).toHandOver(handOver);
  },
  `caller to nodebook: the route to nodebook names a subset that no DestinationRule declares (NC) [suspect: the rule]
  so that: 2 of 22 requests were lost while v3 handed over to v4
  expected: v3, then v4, and no error
  seen: 10 x 200 from v3, 10 x 200 from v4, 2 x 503 without a version
  both served for 0 ms
${asked(22)}`,
);
told(
  'toHandOver: back again',
  async () => {
    await expect(await flowing([10, from('v4')], [10, from('v3')])).toHandOver(handOver);
  },
  'caller to nodebook: not handed over: v3 did not serve first and v4 last',
);
told(
  'toHandOver: of nothing',
  async () => {
    await expect(await flowing([20, from('v4')])).toHandOver(handOver);
  },
  'caller to nodebook: nothing was handed over: 0 requests were served by v3, 20 by v4',
);
told(
  'toHandOver: to nobody',
  async () => {
    await expect(await flowing([20, from('v3')])).toHandOver(handOver);
  },
  'caller to nodebook: nothing was handed over: 20 requests were served by v3, 0 by v4',
);

told('toHearFromAll: good', () =>
  expect(answering(tallyOf([60, from('v3')], [6, from('v4')]))).toHearFromAll(['v3', 'v4']),
);
told(
  'toHearFromAll: one is silent',
  () => expect(answering(tallyOf([66, from('v3')]))).toHearFromAll(['v3', 'v4']),
  `caller to nodebook: nothing was heard from v4
  expected: answers from v3 and v4
  seen: 66 x 200 from v3
${asked(66)}`,
);
told(
  'toHearFromAll: a third answers too',
  () => expect(answering(tallyOf([60, from('v3')], [5, from('v4')], [1, from('v5')]))).toHearFromAll(['v3', 'v4']),
  'caller to nodebook: 1 of 66 were served by none of them',
);
told(
  'toHearFromAll: one fails',
  () => expect(answering(tallyOf([60, from('v3')], [5, from('v4')], [1, reset]))).toHearFromAll(['v3', 'v4']),
  'caller to nodebook: 1 of 66 were served by none of them',
);
