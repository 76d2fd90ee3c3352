import { expect, test } from '../../fixtures/test.ts';

/** No app is behind it: one would say something. */
const envoysOwn = { by: 'istio-envoy', version: '', detail: '' };

test.describe('bookinfo under its host name', { tag: '@I05' }, () => {
  test('a product is answered as JSON for bookinfo.example.com, and any other host is not found', async ({
    outside,
    productpage,
    gateway,
    rules,
  }) => {
    const entrance = { through: gateway, port: 'http2' };
    const product = (host: string) =>
      outside
        .to(productpage, { ...entrance, host })
        .at('/api/v1/products/200')
        .reading(/^\{"id":(\d+),.*\}$/);
    await expect(product('bookinfo.example.com')).toBeRefused('no-listener');

    await test.step('Open the gateway for the host and route its paths', () => rules.apply('bookinfo.yaml'));
    await expect(product('bookinfo.example.com')).toServeOnly('200');
    await expect(product('elsewhere.example.com')).toAnswer(404, envoysOwn);
  });
});
