import { test } from '@playwright/test';
import { expect } from '../../../fixtures/expect.ts';
import { failed, from, nobody, noEndpoint, reset, tallyOf } from '../../judge/samples.ts';
import type { Viewer } from '../../../fixtures/matchers/toSee.ts';
import { FAULT_BODY } from '../../../mesh/judge/abort.ts';
import { loggedRequest } from './logged.ts';
import { answering, counting, hearing, numbers, remembering } from './asked.ts';
import { told } from './told.ts';
import { goingOut, past, straight, times } from './outside.ts';

const half = { v1: 50, v2: 50 };

test('a red verdict fails its test', async () => {
  await expect(answering(tallyOf([134, from('v4')], [1, from('v3')]))).toServeOnly('v4');
});

told('serve only: good', async () => {
  await expect(answering(tallyOf([135, from('v4')]))).toServeOnly('v4');
});

told('serve only: one other', async () => {
  await expect(answering(tallyOf([134, from('v4')], [1, from('v3')]))).toServeOnly('v4');
});

told('serve only: scaled to zero', async () => {
  await expect(answering(tallyOf([135, noEndpoint]), { v4: { wanted: 0, ready: 0 } })).toServeOnly('v4');
});

told('serve only: misuse', async () => {
  await expect(answering([])).not.toServeOnly('v4');
});

told('split: good', async () => {
  await expect(answering(tallyOf([780, from('v1')], [806, from('v2')]))).toSplitTraffic(half);
});

told('split: 60 to 40', async () => {
  await expect(answering(tallyOf([952, from('v1')], [634, from('v2')]))).toSplitTraffic(half);
});

told('split: one lost', async () => {
  await expect(answering(tallyOf([793, from('v1')], [792, from('v2')], [1, reset]))).toSplitTraffic(half);
});

told('split: misuse', async () => {
  await expect(answering([])).toSplitTraffic({ v1: 50, v2: 60 });
});

told('answer: good', async () => {
  await expect(answering(tallyOf([66, failed(404, '', 'istio-envoy')]))).toAnswer(404, {
    by: 'istio-envoy',
    version: '',
  });
});

told('answer: by another', async () => {
  await expect(answering(tallyOf([66, failed(404, 'Not Found', 'nodebook')]))).toAnswer(404, {
    by: 'istio-envoy',
    version: '',
  });
});

told('refused: good', async () => {
  await expect(answering(tallyOf([60, reset], [6, { ...reset, reason: 'closed' }]))).toBeRefused('reset', 'closed');
});

told('refused: for another reason', async () => {
  await expect(answering(tallyOf([66, nobody]))).toBeRefused('reset');
});

told('hand-over: good', async () => {
  await expect(await answering(tallyOf([10, from('v3')], [10, from('v4')])).keepAsking()).toHandOver({
    from: 'v3',
    to: 'v4',
  });
});

told('hand-over: with a loss', async () => {
  const traffic = await answering(tallyOf([10, from('v3')], [2, failed(503)], [10, from('v4')])).keepAsking();
  await expect(traffic).toHandOver({ from: 'v3', to: 'v4' });
});

told('hand-over: of nothing', async () => {
  await expect(await answering(tallyOf([20, from('v4')])).keepAsking()).toHandOver({ from: 'v3', to: 'v4' });
});

told('hear from all: good', async () => {
  await expect(answering(tallyOf([60, from('v3')], [6, from('v4')]))).toHearFromAll(['v3', 'v4']);
});

told('hear from all: one is silent', async () => {
  await expect(answering(tallyOf([66, from('v3')]))).toHearFromAll(['v3', 'v4']);
});

const prompt = answering(tallyOf([40, from('v4')]), { millis: 6 });

told('lag: good', async () => {
  await expect(answering(tallyOf([40, from('v3')]), { millis: 3006 })).toLagBehind(prompt, { by: 3000, version: 'v3' });
});

told('lag: none', async () => {
  await expect(answering(tallyOf([40, from('v3')]), { millis: 7 })).toLagBehind(prompt, { by: 3000, version: 'v3' });
});

told('lag: too long', async () => {
  await expect(answering(tallyOf([40, from('v3')]), { millis: 5006 })).toLagBehind(prompt, { by: 3000 });
});

told('lag: another answer', async () => {
  await expect(answering(tallyOf([40, from('v3')]), { millis: 2006 })).toLagBehind(prompt, { by: 1000, status: 504 });
});

const failing = answering(tallyOf([66, failed(503, 'v3 answers 503')]));

told('tried: good', async () => {
  await expect(failing).toBeTried(3, { at: [remembering('nodebook v3', numbers(1, 66), 3)], status: 503 });
});

told('tried: only once', async () => {
  await expect(failing).toBeTried(3, { at: [remembering('nodebook v3', numbers(1, 66))], status: 503 });
});

told('tried: another answer', async () => {
  await expect(failing).toBeTried(1, { at: [remembering('nodebook v3', numbers(1, 66))], status: 200 });
});

const aborted = failed(500, FAULT_BODY);

told('aborted: good', async () => {
  const behind = [remembering('nodebook v4', [])] as const;
  await expect(answering(tallyOf([135, aborted]))).toBeAborted({ status: 500, behind });
});

told('aborted: not at all', async () => {
  const behind = [remembering('nodebook v4', numbers(1, 135))] as const;
  await expect(answering(tallyOf([135, from('v4')]))).toBeAborted({ status: 500, behind });
});

told('aborted: retried', async () => {
  const behind = [remembering('nodebook v4', numbers(100, 1586))] as const;
  const question = answering(tallyOf([99, aborted], [1487, from('v4')]));
  await expect(question).toBeAborted({ share: 50, status: 500, behind });
});

told('aborted: with another status', async () => {
  const behind = [remembering('nodebook v4', [])] as const;
  await expect(answering(tallyOf([135, failed(400, FAULT_BODY)]))).toBeAborted({ status: 500, behind });
});

told('aborted: without the flag', async () => {
  const proxy = { listen: () => hearing(numbers(1, 135).map(() => ({ ...loggedRequest, status: 500, flags: [] }))) };
  const question = answering(tallyOf([135, aborted]), { proxy });
  await expect(question).toBeAborted({ status: 500, behind: [remembering('nodebook v4', [])] });
});

const overflow = failed(503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow');
const overflowing = (...counts: readonly number[]) => {
  const left = [...counts];
  return { counts: () => Promise.resolve({ upstream_rq_pending_overflow: left.shift() ?? 0 }) };
};
const twoServed = tallyOf([2, from('v4')], [8, overflow]);
const burst = { burst: 10 };

told('overflow: good', async () => {
  const question = answering(twoServed, { proxy: overflowing(5, 13) });
  await expect(question).toOverflow(8, { load: burst, at: counting('nodebook v4', 100, 102) });
});

told('overflow: never', async () => {
  const question = answering(tallyOf([10, from('v4')]), { proxy: overflowing(5, 5) });
  await expect(question).toOverflow(8, { load: burst, at: counting('nodebook v4', 100, 110) });
});

told('overflow: one more in the proxy', async () => {
  const question = answering(twoServed, { proxy: overflowing(5, 14) });
  await expect(question).toOverflow('some', {
    load: { connections: 100, seconds: 10 },
    at: counting('nodebook v4', 100, 102),
  });
});

told('overflow: without the flag', async () => {
  const listen = () => hearing(numbers(1, 10).map(() => ({ ...loggedRequest, status: 503, flags: ['UF'] })));
  const question = answering(twoServed, { proxy: { ...overflowing(5, 13), listen } });
  await expect(question).toOverflow(8, { load: burst, at: counting('nodebook v4', 100, 102) });
});

told('eject: never', async () => {
  const question = answering(tallyOf([10, from('v3')], [10, from('v4')]));
  const failing = answering(tallyOf([1, { ...from('v4'), status: 500 }]));
  await expect(question).toEject(failing, { for: 300, check: 100, behind: [counting('nodebook v4', 1, 2, 3)] });
});

const byV3 = answering(tallyOf([100, from('v3')]));
const v3 = remembering('nodebook v3', numbers(1, 100));

told('mirrored: good', async () => {
  await expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: remembering('nodebook v4', numbers(1, 100)) });
});

told('mirrored: not at all', async () => {
  await expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: remembering('nodebook v4', []) });
});

told('mirrored: twice', async () => {
  await expect(byV3).toBeMirrored({ from: v3, version: 'v3', to: remembering('nodebook v4', numbers(1, 100), 2) });
});

const door = (...counts: readonly number[]) => {
  const left = [...counts];
  return { host: 'nobody.example.com', knocks: () => Promise.resolve(left.shift() ?? 0) };
};
const refused = failed(503, 'upstream connect error or disconnect/reset before headers.');

told('in vain: good', async () => {
  await expect(answering(tallyOf([10, refused]))).toKnockInVain(3, door(7, 37));
});

told('in vain: once', async () => {
  await expect(answering(tallyOf([10, refused]))).toKnockInVain(3, door(7, 17));
});

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

told('see: good', async () => {
  await expect(viewer(black, black)).toSee('black stars', { looks: 2 });
});

told('see: something else', async () => {
  await expect(viewer(black, ['red', 'red'], black)).toSee('black stars', { looks: 3 });
});

/** Everybody comes to what is said of them. */
const parties = (words: string) => ({
  tables: [],
  ask: () => Promise.resolve(answering(tallyOf([31, from('v1')]))),
  read: () => words,
  inForce: () => ['PeerAuthentication default'],
});

told('turn out: good', async () => {
  await expect(parties('reset')).toTurnOut('STRICT', { legacy: { foo: 'reset', bar: 'reset' } });
});

told('turn out: otherwise', async () => {
  const claims = { foo: { bar: 'plain text' }, legacy: { foo: 'reset', bar: 'reset' } };
  await expect(parties('plain text')).toTurnOut('STRICT', claims);
});

told('turn out: of nothing', async () => {
  await expect(parties('reset')).toTurnOut('STRICT', {});
});

const logging = (...lines: readonly string[]) => ({
  name: 'foo/httpbin-1',
  about: (id: string) => Promise.resolve(lines.map((details) => ({ ...loggedRequest, id, details }))),
});
const denied = tallyOf([1, { ...from(''), status: 403, detail: 'RBAC: access denied' }]);

told('denied: good', async () => {
  await expect(answering(denied)).toBeDeniedBy('matched_policy[p]', logging('matched_policy[p]'));
});

told('denied: by another', async () => {
  await expect(answering(denied)).toBeDeniedBy('matched_policy[p]', logging('matched_policy[none]'));
});

told('denied: not at all', async () => {
  await expect(answering(tallyOf([1, from('v1')]))).toBeDeniedBy('matched_policy[p]', logging('via_upstream'));
});

const answers = tallyOf([66, from('outside')]);
const shut = tallyOf([66, { ...reset, reason: 'closed' }]);

told('arrive: good', async () => {
  const { question, site } = goingOut(answers, 66);
  await expect(question).toArriveAt(site);
});

told('arrive: one never did', async () => {
  const { question, site } = goingOut(answers, 65);
  await expect(question).toArriveAt(site);
});

told('arrive: shut', async () => {
  const { question, site } = goingOut(shut, 0);
  await expect(question).toArriveAt(site);
});

told('kept: good', async () => {
  const { question, site } = goingOut(shut, 0);
  await expect(question).toBeKeptFrom(site, 'closed');
});

told('kept: another way', async () => {
  const { question, site } = goingOut(tallyOf([66, failed(502)]), 0);
  await expect(question).toBeKeptFrom(site, 'closed');
});

told("kept: by the server's own 502", async () => {
  const { question, site } = goingOut(tallyOf([66, failed(502, 'sorry')]), 0);
  await expect(question).toBeKeptFrom(site, 502);
});

told('kept: all the same there', async () => {
  const { question, site } = goingOut(shut, 66);
  await expect(question).toBeKeptFrom(site, 'closed');
});

told('leave: good', async () => {
  const { caller, ...rest } = goingOut(answers, 66, { caller: times(66, straight) });
  await expect(caller).toLeave({ ...rest, way: 'directly' });
});

told('leave: another way', async () => {
  const { caller, ...rest } = goingOut(answers, 66, { caller: times(66, straight) });
  await expect(caller).toLeave({ ...rest, way: 'through the egress gateway' });
});

const witness = { service: 'nodebook', port: 3000, path: '/version', labels: {} };

told('through: good', async () => {
  const { caller, ...rest } = goingOut(answers, 66, { caller: times(66, past) });
  await expect(caller).toPassThroughProxy({ ...rest, witness });
});

told('by: good', async () => {
  const { caller, ...rest } = goingOut(answers, 66);
  await expect(caller).toPassByProxy({ ...rest, witness });
});

told('by: logged', async () => {
  const { caller, ...rest } = goingOut(answers, 66, { caller: times(66, past) });
  await expect(caller).toPassByProxy({ ...rest, witness });
});
