import { FAULT_BODY } from '../../../mesh/judge/abort.ts';
import { expect } from '../../../fixtures/expect.ts';
import { failed, from, noEndpoint, tallyOf } from '../../judge/samples.ts';
import { answering, counting, hearing, numbers, remembering } from './asked.ts';
import { loggedRequest } from './logged.ts';
import { asked, told } from './told.ts';

const abort = failed(500, FAULT_BODY);
const aborted = answering(tallyOf([135, abort]));
const seenBy = (...ids: readonly number[]) => [remembering('nodebook v4', ids)] as const;
/** A log in which each request has such a line. */
const writing = (count: number, status: number, ...flags: readonly string[]) => ({
  listen: () => hearing(Array.from({ length: count }, () => ({ ...loggedRequest, status, flags }))),
});

told('toBeAborted: good', () => expect(aborted).toBeAborted({ status: 500, behind: seenBy() }));
told(
  'toBeAborted: not at all',
  () => expect(answering(tallyOf([135, from('v4')]))).toBeAborted({ status: 500, behind: seenBy(...numbers(1, 135)) }),
  `caller to nodebook: 0 of 135 requests (0.0 %) were aborted with 500, and not 100 %
  expected: 135 of 135 aborted with 500 and not seen by nodebook v4, the rest served once
  seen: 135 x 200 from v4
  aborted: 0; seen by nodebook v4: 135 ids
  the log of pod w0/prober: 135 x 200
${asked(135)}`,
);
told(
  'toBeAborted: retried',
  () => {
    const question = answering(tallyOf([99, abort], [1487, from('v4')]));
    return expect(question).toBeAborted({ share: 50, status: 500, behind: seenBy(...numbers(100, 1586)) });
  },
  'caller to nodebook: 99 of 1586 requests (6.2 %) were aborted with 500, and not 50 %',
);
told(
  'toBeAborted: with another status',
  () => expect(answering(tallyOf([135, failed(400, FAULT_BODY)]))).toBeAborted({ status: 500, behind: seenBy() }),
  `caller to nodebook: a fault is injected on the way to nodebook (FI) [suspect: the rule]
  so that: 135 of 135 requests were neither aborted with 500 nor served`,
);
told(
  'toBeAborted: by the back end',
  () => expect(answering(tallyOf([135, failed(500, 'sorry')]))).toBeAborted({ status: 500, behind: seenBy() }),
  'caller to nodebook: 135 of 135 requests were neither aborted with 500 nor served',
);
told(
  'toBeAborted: after it had reached the back end',
  () => expect(aborted).toBeAborted({ status: 500, behind: seenBy(7) }),
  'caller to nodebook: 1 aborted requests reached nodebook v4 all the same',
);
told(
  'toBeAborted: without the flag',
  () =>
    expect(answering(tallyOf([135, abort]), { proxy: writing(135, 500) })).toBeAborted({
      status: 500,
      behind: seenBy(),
    }),
  "caller to nodebook: the caller's proxy did not write down 135 times FI: 135 x 500",
);
told(
  'toBeAborted: without a line in the log',
  () =>
    expect(answering(tallyOf([135, abort]), { proxy: writing(0, 500) })).toBeAborted({ status: 500, behind: seenBy() }),
  "caller to nodebook: the caller's proxy did not write down 135 times FI: no line",
);
told(
  'toBeAborted: with one line too few',
  () =>
    expect(answering(tallyOf([135, abort]), { proxy: writing(134, 500, 'FI') })).toBeAborted({
      status: 500,
      behind: seenBy(),
    }),
  "caller to nodebook: the caller's proxy did not write down 135 times FI: 134 x 500 FI",
);

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

/** v4 fails and is away for so long; while it is, it is asked so often at each look. */
function ejecting({ away, times = 1, intruders = 0, others = 5 }: Away) {
  let began = 0;
  let [own, theirs] = [0, 0];
  const isAway = () => performance.now() - began < away;
  const counts = () => {
    if (began === 0) {
      began = performance.now();
      return Promise.resolve({ ejections_active: 0, ejections_enforced_total: 7 });
    }
    return Promise.resolve({ ejections_active: isAway() ? 1 : 0, ejections_enforced_total: 7 + times });
  };
  const at = { ...counting('nodebook v4'), served: () => Promise.resolve((own += isAway() ? intruders : 5)) };
  const other = { ...counting('nodebook v3'), served: () => Promise.resolve((theirs += others)) };
  return { proxy: { counts }, behind: [at, other] as const };
}

interface Away {
  readonly away: number;
  readonly times?: number;
  readonly intruders?: number;
  readonly others?: number;
}

const flow = tallyOf([10, from('v3')], [10, from('v4')]);
const failing = answering(tallyOf([1, { ...from('v4'), status: 500 }]));
const watched = (away: Away, tally = flow, millis = 2000) => {
  const { proxy, behind } = ejecting(away);
  return expect(answering(tally, { proxy })).toEject(failing, { for: millis, check: 1000, behind });
};

told('toEject: good', () => watched({ away: 2100 }));
told('toEject: good where nobody is', () => watched({ away: 0, times: 0 }, flow, 0));
told(
  'toEject: nobody',
  () => watched({ away: 0, times: 0 }),
  `caller to nodebook: v4 failed, and was never ejected
  expected: v4, which failed, ejected once, for 2000 ms and up to 1000 ms more, and no request lost`,
);
told(
  'toEject: although nobody should be',
  () => watched({ away: 300 }, flow, 0),
  'caller to nodebook: 1 instances were ejected after v4 had failed',
);
told(
  'toEject: for too short',
  () => watched({ away: 600 }),
  /^caller to nodebook: v4 was ejected for \d+ ms at most, and not for 2000 ms\n/,
);
told(
  'toEject: one that is asked all the same',
  () => watched({ away: 2100, intruders: 1 }),
  /^caller to nodebook: v4 was ejected, and got \d+ requests all the same\n/,
);
told(
  'toEject: so that nobody serves',
  () => watched({ away: 2100, others: 0 }),
  'caller to nodebook: v4 was ejected, and others served nothing meanwhile',
);
told(
  'toEject: with a loss',
  () => watched({ away: 2100 }, tallyOf([10, from('v3')], [1, noEndpoint])),
  /^caller to nodebook: no pod of nodebook is in the chosen subset.*\n {2}so that: 1 requests were lost after v4 had failed\n/,
);
told(
  'toEject: of whom nobody knows',
  () => {
    const { proxy, behind } = ejecting({ away: 0, times: 0 });
    const stranger = answering(tallyOf([1, { ...from('v5'), status: 500 }]));
    return expect(answering(flow, { proxy })).toEject(stranger, { for: 2000, check: 1000, behind });
  },
  'caller to nodebook: v5 failed, which is none of the instances',
);
