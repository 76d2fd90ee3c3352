import { test } from '@playwright/test';
import { expect } from '../../../fixtures/expect.ts';
import type { Viewer } from '../../../fixtures/matchers/toSee.ts';
import type { LoggedRequest } from '../../../mesh/proxy/access-log.ts';
import type { Outcome } from '../../../mesh/judge/outcome.ts';
import type { Question } from '../../../mesh/prober/question.ts';
import { failed, from, reset, tallyOf } from '../../judge/samples.ts';
import { answering } from './asked.ts';
import { loggedRequest, logHolding } from './logged.ts';
import { asked, told } from './told.ts';

const viewer = (...stars: readonly (readonly string[])[]): Viewer => {
  const left = [...stars];
  return {
    who: 'jason',
    look: () => Promise.resolve({ reviews: 2, stars: left.shift() ?? [], apologies: [] }),
    keepPicture: () => Promise.resolve(),
    inForce: () => ['VirtualService reviews'],
  };
};
const black = ['black', 'black'];

told('toSee: good', () => expect(viewer(black, black)).toSee('black stars', { looks: 2 }));
told('toSee: good, although no picture can be taken', async () => {
  const keepPicture = () => Promise.reject(new Error('page.screenshot: Target crashed \nCall log:'));
  await expect({ ...viewer(black), keepPicture }).toSee('black stars');
  const description = 'page.screenshot: Target crashed ';
  expect(test.info().annotations).toContainEqual({ type: 'no picture', description });
});
told(
  'toSee: something else, of which no picture can be taken',
  () => expect({ ...viewer(['red', 'red']), keepPicture: () => Promise.reject(new Error('no')) }).toSee('black stars'),
  'jason saw "red stars" and not "black stars"',
);
told(
  'toSee: something else at the second look',
  () => expect(viewer(black, ['red', 'red'], black)).toSee('black stars', { looks: 3 }),
  `jason saw "red stars" and not "black stars"
  at look 2 of 3
  rules in force: VirtualService reviews`,
);
told(
  'toSee: stars on one review only',
  () => expect(viewer(['black'])).toSee('black stars'),
  'jason saw "black stars on 1 of 2 reviews" and not "black stars"',
);
told('toSee: none', () => expect(viewer([])).toSee('black stars'), 'jason saw "no stars" and not "black stars"');
told(
  'toSee: without a look',
  () => expect(viewer(black)).toSee('black stars', { looks: 0 }),
  'jason saw "nothing, since nobody looked" and not "black stars"',
);

const line: LoggedRequest = {
  ...loggedRequest,
  id: 'run-1',
  requestId: '5c1a',
  path: '/version',
  status: 200,
  bytesSent: 0,
};
const byV3 = answering(tallyOf([1, from('v3')]));
const logged = (...lines: readonly LoggedRequest[]) =>
  expect(byV3).toBeLogged({ status: 200, ends: [{ log: logHolding(...lines), says: { flags: [] } }] });

told('toBeLogged: good', () => logged(line));
told(
  'toBeLogged: with another flag',
  () => logged({ ...line, flags: ['FI'] }),
  `caller to nodebook: ns/prober says flags FI, and not none
  expected: ns/prober: {"method":"GET","status":200,"bytesReceived":0,"bytesSent":0,"flags":[]}
  seen: 1 x 200 from v3`,
);
told(
  'toBeLogged: with other bytes',
  () => logged({ ...line, bytesSent: 7 }),
  'caller to nodebook: ns/prober says bytesSent 7, and not 0',
);
told('toBeLogged: not at all', () => logged(), 'caller to nodebook: ns/prober has no line of it, and should have one');
told(
  'toBeLogged: twice',
  () => logged(line, line),
  'caller to nodebook: ns/prober has 2 lines of it, and should have one',
);
told(
  'toBeLogged: where it should not be',
  () => expect(byV3).toBeLogged({ status: 200, ends: [{ log: logHolding(line), says: 'nothing' }] }),
  'caller to nodebook: ns/prober has a line of it, and should have none',
);
told(
  'toBeLogged: by two ids',
  () => {
    const other = { ...logHolding({ ...line, requestId: '77b2' }), name: 'ns/nodebook' };
    const ends = [logHolding(line), other].map((log) => ({ log, says: {} }));
    return expect(byV3).toBeLogged({ status: 200, ends });
  },
  'caller to nodebook: the ends call it by different ids: 5c1a, 77b2',
);
told(
  'toBeLogged: of another answer',
  () =>
    expect(answering(tallyOf([1, failed(500)]))).toBeLogged({
      status: 200,
      ends: [{ log: logHolding(line), says: {} }],
    }),
  'caller to nodebook: the caller got 500, and not 200',
);

const plain = from('');

/** Everybody's requests come to the first, and one of them to the other. */
const parties = (most: Outcome, one = most) => ({
  tables: [],
  ask: () => Promise.resolve(answering(tallyOf([30, most], [1, one]))),
  reading: () => ({ contactAs: '' }),
  inForce: () => ['PeerAuthentication default'],
});

told('toTurnOut: good', () => expect(parties(reset)).toTurnOut('STRICT', { legacy: { foo: 'reset', bar: 'reset' } }));
told('toTurnOut: good, all at a time', async () => {
  const answers = answering(tallyOf([18, reset]));
  const orders: unknown[] = [];
  const ask: Question['ask'] = (count, options) => {
    orders.push({ count, ...options });
    return answers.ask(count, options);
  };
  const asking = { ...parties(reset), ask: () => Promise.resolve({ ask }) };
  await expect(asking).toTurnOut('STRICT', { legacy: { foo: 'reset', bar: 'reset' } });
  // A cell that nobody answers takes as long as one request, and not as all of them.
  expect(orders).toEqual([18, 18].map((count) => ({ count, concurrency: count })));
});
told(
  'toTurnOut: otherwise',
  () => {
    const claims = { foo: { bar: 'plain text' }, legacy: { foo: 'reset', bar: 'reset' } };
    return expect(parties(plain)).toTurnOut('STRICT', claims);
  },
  `STRICT: legacy to foo: plain text, and not reset
  and legacy to bar: plain text, and not reset
  1 of 3 cells are as claimed, 18 requests each
  rules in force: PeerAuthentication default`,
);
told(
  'toTurnOut: not every time',
  () => expect(parties(plain, reset)).toTurnOut('STRICT', { legacy: { foo: 'reset' } }),
  'STRICT: legacy to foo: plain text and reset, and not reset',
);
told('toTurnOut: of nothing', () => expect(parties(reset)).toTurnOut('STRICT', {}), 'STRICT: no cell was measured');

const log = (...lines: readonly string[]) => ({
  ...logHolding(...lines.map((details) => ({ ...loggedRequest, details }))),
  name: 'foo/httpbin-1',
});
const denied = answering(tallyOf([1, failed(403, 'RBAC: access denied')]));
const grounds = 'matched_policy[p]';

told('toBeDeniedBy: good', () => expect(denied).toBeDeniedBy(grounds, log(grounds)));
told(
  'toBeDeniedBy: another',
  () => expect(denied).toBeDeniedBy(grounds, log('matched_policy[none]')),
  `caller to nodebook: foo/httpbin-1 logged matched_policy[none], and not matched_policy[p]
  expected: denied, and logged with matched_policy[p]
  seen: 1 x 403 "RBAC: access denied"
${asked(1)}`,
);
told(
  'toBeDeniedBy: nobody',
  () => expect(answering(tallyOf([1, from('v1')]))).toBeDeniedBy(grounds, log('via_upstream')),
  'caller to nodebook: it came to 1 x 200 from v1, and was not denied',
);
told(
  'toBeDeniedBy: somebody who keeps silent',
  () => expect(denied).toBeDeniedBy(grounds, log()),
  'caller to nodebook: foo/httpbin-1 logged nothing, and not matched_policy[p]',
);
told(
  "toBeDeniedBy: the application's own 403",
  () => expect(answering(tallyOf([1, failed(403, 'no')]))).toBeDeniedBy(grounds, log(grounds)),
  'caller to nodebook: it came to 1 x 403 "no", and was not denied',
);
