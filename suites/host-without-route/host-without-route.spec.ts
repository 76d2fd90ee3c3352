import { expect, test } from '../../fixtures/test.ts';

/** No app is behind it: one would say something. */
const envoysOwn = { by: 'istio-envoy', version: '', detail: '' };

test.describe('A host without a route', { tag: '@I04' }, () => {
  test('is refused without a Gateway, not found without a route, and served with both', async ({
    outside,
    nodebook,
    gateway,
    rules,
  }) => {
    const page = outside.to(nodebook, { through: gateway, port: 'http2' });
    await expect(page).toBeRefused('no-listener');

    await test.step('Open the gateway', () => rules.apply('gateway.yaml'));
    await expect(page).toAnswer(404, envoysOwn);

    await test.step('Route everything to v3', () => rules.apply('all-v3.yaml'));
    await expect(page).toServeOnly('v3');
  });
});
