import { expect, test } from '../../fixtures/test.ts';

const volumes = ['Client Request Volume', 'Server Request Volume'];
const rates = ['Client Success Rate (non-5xx responses)', 'Server Success Rate (non-5xx responses)'];

// A rate needs two looks of Prometheus's.
test.describe(
  "Grafana's dashboards",
  { tag: ['@B03', '@probation'], annotation: { type: 'waits', description: '6 s' } },
  () => {
    test('the service dashboard has data in each panel that requests for productpage touch', async ({
      caller,
      productpage,
      dashboards,
      world,
    }) => {
      await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      const service = `${productpage.service}.${world.namespace}.svc.cluster.local`;
      expect(
        await dashboards.empty('Istio Service Dashboard', { service }, [...volumes, ...rates]),
        'panels without data',
      ).toEqual([]);
    });

    test('the workload dashboard has data in each panel that requests for productpage touch', async ({
      caller,
      productpage,
      dashboards,
      world,
    }) => {
      await test.step('Refresh the page again and again', () => caller.to(productpage).keepAsking(5));
      const variables = { namespace: world.namespace, workload: 'productpage-v1' };
      const panels = ['Incoming Request Volume', 'Incoming Success Rate (non-5xx responses)'];
      expect(await dashboards.empty('Istio Workload Dashboard', variables, panels), 'panels without data').toEqual([]);
    });
  },
);
