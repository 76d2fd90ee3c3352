import { test } from '@playwright/test';
import { expect } from '../../../fixtures/expect.ts';
import { failed, from, nobody, noEndpoint, reset, tallyOf } from '../../judge/samples.ts';
import { answering } from './asked.ts';

const half = { v1: 50, v2: 50 };

/** What a matcher says, as an attachment: a test that fails takes its worker with it, and a new one takes a second. */
function told(title: string, judge: () => Promise<void>): void {
  test(title, async ({}, testInfo) => {
    const message = await judge().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    await testInfo.attach('message', { body: message, contentType: 'text/plain' });
  });
}

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
