import { expect } from '../../../fixtures/expect.ts';
import { from, noEndpoint, tallyOf, unresolved } from '../../judge/samples.ts';
import { answering, counting } from './asked.ts';
import { told } from './told.ts';

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
const fault = answering(tallyOf([1, { ...from('v4'), status: 500 }]));
const watched = (away: Away, tally = flow, millis = 2000, failing = fault) => {
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
told(
  'toEject: with a fault for which DNS gave no name',
  () => watched({ away: 2100 }, flow, 2000, answering(tallyOf([1, unresolved]))),
  'Asking once: caller to nodebook: DNS gave no answer for the name of nodebook [NOT_ASKED]',
);
