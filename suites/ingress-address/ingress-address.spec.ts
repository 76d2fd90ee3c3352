import { expect, test } from '../../fixtures/test.ts';

/** No app is behind it: one would say something. */
const envoysOwn = { by: 'istio-envoy', version: '', detail: '' };

test.describe('The address of the ingress gateway', { tag: '@I03' }, () => {
  test('node address and node port of http2 lead into the mesh from outside', async ({
    outside,
    nodebook,
    istioIngress,
    rules,
  }) => {
    const port = { through: istioIngress, port: 'http2' };
    await test.step('Open the gateway for a host and route it', () =>
      rules.apply('nodebook.yaml', { on: istioIngress }));

    const page = outside.to(nodebook, { ...port, host: 'nodebook.example.com' });
    await expect(page).toAnswer(200, { by: 'istio-envoy' });
    await expect(page).toHearFromAll(['v3', 'v4']);
    await expect(outside.to(nodebook, { ...port, host: 'elsewhere.example.com' })).toAnswer(404, envoysOwn);
  });
});
