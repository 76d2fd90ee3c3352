import { expect, test } from '../../fixtures/test.ts';

// A rate needs two looks of Prometheus's.
test.describe(
  "Grafana's dashboards",
  {
    tag: ['@B03', '@probation'],
    annotation: [
      { type: 'waits', description: '6 s' },
      { type: 'needs', description: 'Grafana, which image registries alone have' },
    ],
  },
  () => {
    test('the service dashboard has data in each panel that requests for productpage touch', async ({
      caller,
      productpage,
      dashboard,
      world,
    }) => {
      const visits = await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      const service = `${productpage.service}.${world.namespace}.svc.cluster.local`;
      await expect(await dashboard('Istio Service Dashboard', { service })).toShowData([
        'Client Request Volume',
        'Server Request Volume',
        'Client Success Rate (non-5xx responses)',
        'Server Success Rate (non-5xx responses)',
      ]);
      await visits.stop();
    });

    test('the workload dashboard has data in each panel that requests for productpage touch', async ({
      caller,
      productpage,
      dashboard,
      world,
    }) => {
      const visits = await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      const variables = { namespace: world.namespace, workload: 'productpage-v1' };
      await expect(await dashboard('Istio Workload Dashboard', variables)).toShowData([
        'Incoming Request Volume',
        'Incoming Success Rate (non-5xx responses)',
      ]);
      await visits.stop();
    });
  },
);
