import { expect, test } from '../../fixtures/test.ts';

const entrance = { port: 'http2', host: 'nodebook.example.com' };

test.describe('Switching all traffic', { tag: '@T01' }, () => {
  test('without a rule both versions serve', async ({ caller, nodebook }) => {
    await expect(caller.to(nodebook)).toHearFromAll(['v3', 'v4']);
  });

  test('only v3 serves, then only v4, and no request is lost at the change', async ({
    caller,
    outside,
    nodebook,
    gateway,
    rules,
  }) => {
    const page = outside.to(nodebook, { ...entrance, through: gateway });
    await test.step('Open the gateway and declare the versions', () => rules.apply('nodebook.yaml'));

    await test.step('Route everything to v3', () => rules.apply('all-v3.yaml'));
    await expect(caller.to(nodebook)).toServeOnly('v3', { leak: 1 });
    await expect(page).toServeOnly('v3', { leak: 1 });

    const inside = await caller.to(nodebook).keepAsking();
    const through = await page.keepAsking();
    await test.step('Route everything to v4', () => rules.apply('all-v4.yaml'));
    await expect(inside).toHandOver({ from: 'v3', to: 'v4' });
    await expect(through).toHandOver({ from: 'v3', to: 'v4' });
    await expect(caller.to(nodebook)).toServeOnly('v4', { leak: 1 });
    await expect(page).toServeOnly('v4', { leak: 1 });
  });
});
