import { expect, test } from '../../fixtures/test.ts';

test.describe('Routing by header', { tag: '@T02' }, () => {
  test('app-ver: v3 leads to v3, anything else to v4', async ({ caller, nodebook, rules }) => {
    await test.step('Route by the header app-ver', () => rules.apply('by-header.yaml'));

    await expect(caller.to(nodebook).with({ 'app-ver': 'v3' })).toServeOnly('v3');
    await expect(caller.to(nodebook)).toServeOnly('v4');
    await expect(caller.to(nodebook).with({ 'app-ver': 'v5' })).toServeOnly('v4');
  });
});
