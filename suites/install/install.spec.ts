import { expect, test } from '../../fixtures/test.ts';

test.describe('Installation', { tag: '@I01' }, () => {
  test('istiod, the ingress and the egress gateway are ready', async ({ cluster, demoProfile: _needed }) => {
    await expect(cluster).toHaveReady('istio-system', 'istiod', 'istio-ingressgateway', 'istio-egressgateway');
  });

  test('client, control plane and data plane are of one version', async ({ cluster, istioVersion }) => {
    await expect(cluster).toAgreeOnVersion(istioVersion);
  });

  test('every proxy has accepted its configuration', async ({ cluster, proxies }) => {
    await expect(cluster).toHaveRejectedNothing(proxies);
  });
});
