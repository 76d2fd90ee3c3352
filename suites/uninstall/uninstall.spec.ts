import { expect, test } from '../../fixtures/test.ts';

/** What `istioctl uninstall --purge` does not take away, by name. */
const left = [
  '+ ConfigMap default/istio-ca-crl',
  '+ ConfigMap default/istio-ca-root-cert',
  '+ ConfigMap kube-system/istio-ca-crl',
  '+ ConfigMap kube-system/istio-ca-root-cert',
  '+ Namespace istio-system',
  '+ ConfigMap istio-system/istio-ca-crl',
  '+ ConfigMap istio-system/istio-ca-root-cert',
  '+ ConfigMap istio-system/istio-ip-autoallocate',
  '+ ConfigMap istio-system/istio-leader',
  '+ ConfigMap istio-system/istio-namespace-controller-election',
  '+ ConfigMap istio-system/kube-root-ca.crt',
  '+ Secret istio-system/istio-ca-secret',
  '+ ServiceAccount istio-system/default',
];

// A cluster that is made takes the whole machine for half a minute: nobody compares times beside it.
test.describe('Uninstalling', { tag: '@O04', lock: 'waits' }, () => {
  // A cluster is made, Istio comes and goes.
  test.describe.configure({ timeout: 600_000 });

  test('leaves what is known by name; without that, the cluster is as before', async ({ ownCluster }) => {
    const before = await test.step('Look at the cluster without Istio', () => ownCluster.inventory());
    await test.step('Install Istio', () => ownCluster.installIstio());
    await test.step('Label the namespace', () => ownCluster.label('enabled'));
    await test.step('Apply rules', () => ownCluster.apply('nodebook.yaml'));

    await test.step('Delete the rules', () => ownCluster.remove('nodebook.yaml'));
    await test.step('Remove the label', () => ownCluster.label(null));
    await test.step('Uninstall Istio', () => ownCluster.uninstallIstio());
    await expect(ownCluster).toDifferBy(before, left);

    await test.step('Remove what is left', () => ownCluster.removeAdded(left));
    await expect(ownCluster).toDifferBy(before, []);
  });
});
