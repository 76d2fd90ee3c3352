import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '../../../fixtures/expect.ts';
import { failed, from, noEndpoint, tallyOf } from '../../judge/samples.ts';
import { answering, counting, writing } from './asked.ts';
import { asked, told } from './told.ts';

const overflow = failed(503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow');
/** What the proxy counts at each look, in turn; the last one for ever. */
const counted = (...counts: readonly Readonly<Record<string, number>>[]) => {
  const left = [...counts];
  return { counts: () => Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? {}) };
};
const overflows = (before: number, after: number) =>
  counted({ upstream_rq_pending_overflow: before }, { upstream_rq_pending_overflow: after });
const twoServed = tallyOf([2, from('v4')], [8, overflow]);
const burst = { burst: 10 };
const load = { connections: 100, seconds: 10 };
const served = (count: number) => counting('nodebook v4', 100, 100 + count);

told('toOverflow: good', () =>
  expect(answering(twoServed, { proxy: overflows(5, 13) })).toOverflow(8, { load: burst, at: served(2) }),
);
told(
  'toOverflow: never',
  () => {
    const question = answering(tallyOf([10, from('v4')]), { proxy: overflows(5, 5) });
    return expect(question).toOverflow(8, { load: burst, at: served(10) });
  },
  `caller to nodebook: 0 of 10 requests were turned away for a limit, and not exactly 8
  expected: exactly 8 turned away; caller, proxy and nodebook v4 agree on the numbers
  seen: 10 x 200 from v4
  the caller was told: 10 served, 0 turned away
  its proxy counted 0 overflows, nodebook v4 served 10
  its proxy's log: 10 x 200
${asked(10)}`,
);
told(
  'toOverflow: one more in the proxy',
  () => expect(answering(twoServed, { proxy: overflows(5, 14) })).toOverflow('some', { load, at: served(2) }),
  'caller to nodebook: 8 requests were turned away, but the proxy counted 9 overflows',
);
told(
  'toOverflow: one more at the back end',
  () => expect(answering(twoServed, { proxy: overflows(5, 13) })).toOverflow('some', { load, at: served(3) }),
  'caller to nodebook: 2 requests were answered, but nodebook v4 served 3',
);
told(
  'toOverflow: without the flag',
  () => {
    const proxy = { ...overflows(5, 13), ...writing(10, 503, 'UF') };
    return expect(answering(twoServed, { proxy })).toOverflow(8, { load: burst, at: served(2) });
  },
  "caller to nodebook: the proxy's log does not say the same: 10 x 503 UF",
);
told(
  'toOverflow: for another reason',
  () => {
    const question = answering(tallyOf([2, from('v4')], [7, overflow], [1, noEndpoint]), { proxy: overflows(5, 12) });
    return expect(question).toOverflow('some', { load, at: served(2) });
  },
  /^caller to nodebook: no pod of nodebook is in the chosen subset.*\n {2}so that: 1 of 10 requests were neither served nor turned away/,
);

const limit = { connections: 1, waiting: 1, requestsEach: 1 };
const lasting = 300;
/** What the proxy holds at each look, and how many connections it has opened in the end. */
const holding = (connections: number, waiting: number, opened: number) =>
  counted(
    { upstream_rq_pending_overflow: 5, upstream_cx_total: 40 },
    {
      upstream_rq_pending_overflow: 13,
      upstream_cx_total: 40 + opened,
      upstream_cx_active: connections,
      upstream_rq_pending_active: waiting,
    },
  );
const underLoad = (connections: number, waiting: number, opened: number) =>
  expect(answering(twoServed, { proxy: holding(connections, waiting, opened), lasting })).toOverflow('some', {
    load,
    at: served(2),
    limit,
  });

told('toOverflow: good within its limit', () => underLoad(1, 1, 2));
told(
  'toOverflow: with more connections than are allowed',
  () => underLoad(2, 1, 2),
  'caller to nodebook: the proxy held 2 connections at a time, and not 1 at most',
);
told(
  'toOverflow: with more waiting than are allowed',
  () => underLoad(1, 2, 2),
  'caller to nodebook: 2 requests waited at a time in the proxy, and not 1 at most',
);
told(
  'toOverflow: with more over one connection than is allowed',
  () => underLoad(1, 1, 1),
  'caller to nodebook: the proxy sent 2 requests over 1 connections, and not 1 over each at most',
);
told(
  'toOverflow: too soon over to be looked at',
  () => {
    const { counts } = holding(1, 1, 2);
    const proxy = { counts: () => pause(50).then(counts) };
    return expect(answering(twoServed, { proxy })).toOverflow('some', { load, at: served(2), limit });
  },
  'Watching a limit: caller to nodebook: pod w0/prober did not answer until the load was over [TOO_SLOW_TO_WATCH]',
);
