import { FAULT_BODY } from '../../../mesh/judge/abort.ts';
import { expect } from '../../../fixtures/expect.ts';
import { failed, from, tallyOf } from '../../judge/samples.ts';
import { answering, numbers, remembering, writing } from './asked.ts';
import { asked, told } from './told.ts';

const abort = failed(500, FAULT_BODY);
const aborted = answering(tallyOf([135, abort]));
const seenBy = (...ids: readonly number[]) => [remembering('nodebook v4', ids)] as const;
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
  'caller to nodebook: 135 of 135 requests were aborted, and not with 500',
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
