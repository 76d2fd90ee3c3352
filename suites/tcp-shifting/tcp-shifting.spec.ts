import { expect, test } from '../../fixtures/test.ts';

test.describe('Shifting TCP by weight', { tag: '@T08' }, () => {
  test('every connection goes to one, then a fifth of them to two', async ({ outside, tcpEcho, gateway, rules }) => {
    const echo = outside.to(tcpEcho, { through: gateway, port: 'tcp' });
    await expect(echo).toBeRefused('no-listener');

    await test.step('Lead all connections to v1', () => rules.apply('tcp-echo-all-v1.yaml'));
    await expect(echo).toServeOnly('one');

    await test.step('Lead a fifth of them to v2', () => rules.apply('tcp-echo-20-v2.yaml'));
    await expect(echo).toSplitTraffic({ one: 80, two: 20 });
  });
});
